"""Speed, measured: every figure beside a peer's in the same run, on the same database settings, with durable commits."""
