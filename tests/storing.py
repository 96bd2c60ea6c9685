"""An object store in this process, as `s3://` reaches it: moto's stand-in for S3, over a socket."""

import contextlib
import os
from unittest import mock
from urllib.request import Request, urlopen

import s3fs
from moto.server import ThreadedMotoServer


@contextlib.contextmanager
def object_store(bucket="uploads"):
    """A client of the store, which has one empty bucket; this process' environment points there.

    All servers of a process have the same buckets: what another one left goes first.
    """
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    told = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "tester",
        "AWS_SECRET_ACCESS_KEY": "nothing secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    try:
        with mock.patch.dict(os.environ, told):
            s3fs.S3FileSystem.clear_instance_cache()  # of stores that are gone
            urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST")).close()
            store = s3fs.S3FileSystem(use_listings_cache=False, skip_instance_cache=True)
            store.mkdir(bucket)
            yield store
    finally:
        server.stop()
        s3fs.S3FileSystem.clear_instance_cache()
