"""Judges Vietnamese rural communes against the Nông thôn mới criteria.

The packages follow the way of the data: rules → intake → status → planning → report, run by pipeline.
"""
