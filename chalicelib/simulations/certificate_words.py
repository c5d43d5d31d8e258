"""What a certificate of a simulation says, in its holder's language."""

from chalicelib.certificates.model import OfActivity
from chalicelib.simulations.sessions.model import Simulation, SimulationRole
from chalicelib.words.formats import Formats

SIMULATION = "simulation"
"""The kind by which certificates and credits know a simulation."""


def of_simulation(simulation: Simulation, role: SimulationRole, formats: Formats) -> OfActivity:
    """Return what a certificate is of, for a participant or a moderator."""
    _, cases = formats.gettext, len(simulation.rounds)
    if role is SimulationRole.MODERATOR:
        title = _("Clinical simulation by chat moderated")
        criteria = _("It is given for playing patients and colleagues, from the first case to the debrief.")
    else:
        title = _("Clinical simulation by chat completed")
        criteria = _("It is given for playing every case and answering the questions before and after.")
    description = _(
        "Simulated patients, seen by chat, each participant alone, with a debrief, in the simulation %(simulation)s. "
        "Cases: %(count)s."
    ) % {"count": formats.number(cases), "simulation": formats.quoted(simulation.title)}
    return OfActivity(SIMULATION, simulation.id, role.value, title, description, criteria)
