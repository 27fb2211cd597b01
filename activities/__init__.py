"""What workflows let happen in the world: facts recorded, findings started, letters carried."""
