"""Raw files into observations, each with the address of its cell; findings and rejects beside them."""

from ntm_lib.intake.clean import Cleaned, clean, stop_on_rejects
from ntm_lib.intake.raw import Raw, read_commune

__all__ = ["Cleaned", "Raw", "clean", "read_commune", "stop_on_rejects"]
