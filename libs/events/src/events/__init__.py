"""The kernel of Hearthline. It re-exports nothing, so that the pure parts can be imported without the plumbing."""
