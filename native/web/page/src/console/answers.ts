/** What the service answers to operators, as its description of the interface has it. */

export interface Statistics {
  readonly lists: readonly ListCounts[];
  readonly held: Readonly<Partial<Record<Hold, number>>>;
  readonly cases: { readonly open: number; readonly withdrawn: number; readonly overdue: number };
  readonly matches_by_hour: readonly { readonly at: string; readonly matches: number }[];
  readonly cases_by_day: readonly {
    readonly at: string;
    readonly opened: number;
    readonly withdrawn: number;
  }[];
}

export interface ListCounts {
  readonly name: string;
  readonly entries: number;
  readonly held: number;
  readonly blocked: number;
  readonly reviewed: number;
}

export const HOLDS = ["flood", "opinions", "allow_listed", "operator"] as const;
export type Hold = (typeof HOLDS)[number];

export interface Review {
  readonly entry: number;
  readonly list: string;
  readonly hasher: string;
  readonly quality: number | null;
  readonly held: Hold;
  readonly since: string | null;
  readonly created: string;
  readonly blocked: number;
  readonly reviewed: number;
  readonly nearest: number | null;
  readonly platforms: number;
  readonly true_opinions: number;
  readonly false_opinions: number;
}

export interface Reviews {
  readonly reviews: readonly Review[];
  readonly more: boolean;
}

export interface Overdue {
  readonly cases: readonly {
    readonly case: string;
    readonly deadline: string;
    readonly platforms: readonly Platform[];
  }[];
}

export interface Platform {
  readonly platform: string;
  readonly state: "not_served" | "served" | "blocked" | "to_review" | "settled";
  readonly deadline: string;
  readonly blocked: number;
  readonly reviewed: number;
  readonly overdue: boolean;
}

export interface HashList {
  readonly name: string;
  readonly threshold: number;
  readonly review_threshold: number;
  readonly part_threshold: number | null;
  readonly part_review_threshold: number | null;
  readonly min_quality: number;
  readonly action: string;
  readonly allow_list: boolean;
  readonly flood_matches: number;
  readonly flood_window: number;
  readonly false_opinions: number;
}

export interface Readiness {
  readonly state: "ready" | "not_loaded" | "stale";
  readonly sequence: number | null;
  readonly age_seconds: number | null;
  readonly processes: number;
}

export interface Exchange {
  readonly name: string;
  readonly kind: string;
  readonly list: string;
  readonly entries: number;
  readonly rejected: number;
  readonly failure: string | null;
  readonly fetched: string | null;
  readonly completed: string | null;
}

export interface AuditLine {
  readonly number: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditLines {
  readonly lines: readonly AuditLine[];
  readonly more: boolean;
}
