"""What ours is compared with: servers as one would write them in an afternoon, and bare limits."""
