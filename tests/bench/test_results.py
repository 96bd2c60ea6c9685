import json
from dataclasses import replace

from pyarrow import parquet

from hashmatch.bench.results import write_json, write_parquet


def test_json_holds_everything(report, tmp_path):
    write_json(report, tmp_path / "results.json")
    told = json.loads((tmp_path / "results.json").read_text())
    assert told == json.loads(json.dumps(report.told()))
    assert told["results"][0]["batches"][1]["threads"] == 2
    assert told["results"][1]["open_ms"] is None


def test_parquet_holds_the_rows_and_the_rest_as_metadata(report, tmp_path):
    write_parquet(report, tmp_path / "results.parquet")
    table = parquet.read_table(tmp_path / "results.parquet")
    told = json.loads(json.dumps(report.told()))
    assert table.to_pylist() == told.pop("results")
    assert json.loads(table.schema.metadata[b"hashmatch"]) == told


def test_columns_have_their_types_also_where_all_is_unknown(report, make_result, tmp_path):
    row = make_result(ratio=None, open_ms=None, bucket_skew=None, batches=())
    write_parquet(replace(report, results=(row,)), tmp_path / "results.parquet")
    schema = parquet.read_schema(tmp_path / "results.parquet")
    assert str(schema.field("open_ms").type) == "double"
    assert str(schema.field("codes").type) == "int64"
    assert str(schema.field("same").type) == "bool"
    assert "per_second: double" in str(schema.field("batches").type)
