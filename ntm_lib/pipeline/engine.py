"""The papermill engine ``warm``: the cells run in the calling process (see ``shell``).

papermill imports this module while it is itself being imported, to register its engines. So it
must stay light, and nobody may import it before papermill.
"""

from papermill.engines import Engine


class WarmEngine(Engine):
    """``papermill --engine warm``, by entry point."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **kwargs):
        """Runs the cells of ``nb_man.nb`` in order, up to the first that fails, and fills in their outputs."""
        from ntm_lib.pipeline.shell import run_notebook

        run_notebook(nb_man)
