"""What oversight will announce: the settlement, staff, reviews of cases, quality, the rollout, by aggregate."""
