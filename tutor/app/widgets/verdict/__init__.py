"""The verdict and its tabs."""
