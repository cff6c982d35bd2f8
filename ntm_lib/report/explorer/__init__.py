"""Sliders that judge again under the planner's hands."""
