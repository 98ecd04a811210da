"""Device protocols, one file each: payload in, readings out."""
