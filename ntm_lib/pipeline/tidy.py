"""Removes what a killed run has left beside a report."""

from ntm_lib.parameters import Parameters
from ntm_lib.pipeline.manifest import outputs_folder, tables_folder
from ntm_lib.pipeline.publish import heal, needs_healing


def tidy(parameters: Parameters) -> None:
    """Removes it unless another run is at work on the same report; then it is that run's."""
    places = [tables_folder(parameters), outputs_folder(parameters)]
    if not any(needs_healing(place) for place in places):
        return
    from ntm_lib.pipeline.locks import alone_at_once

    with alone_at_once(parameters.run_name) as mine:
        for place in places if mine else []:
            heal(place)
