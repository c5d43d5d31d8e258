"""The Chalice application: the blueprints of all capabilities, and nothing else."""

import gc

# What is made while modules load is there to stay; looking through it for garbage is a tenth of a cold start.
gc.disable()

from chalice import Chalice, CORSConfig

from chalicelib.accounts.jobs import blueprint as accounts_jobs
from chalicelib.accounts.routes import routes as accounts
from chalicelib.certificates.jobs import blueprint as certificates_jobs
from chalicelib.certificates.portfolios.routes import routes as portfolios
from chalicelib.certificates.records.routes import routes as records
from chalicelib.certificates.routes import routes as certificates
from chalicelib.circles.meetings.routes import routes as circle_meetings
from chalicelib.circles.routes import routes as circles
from chalicelib.credentials.evidence.jobs import blueprint as evidence_jobs
from chalicelib.credentials.evidence.routes import routes as evidence
from chalicelib.credentials.export_routes import routes as trail_exports
from chalicelib.credentials.jobs import blueprint as credentials_jobs
from chalicelib.credentials.registries.jobs import blueprint as registers_jobs
from chalicelib.credentials.registries.routes import routes as registers
from chalicelib.credentials.review_routes import routes as review
from chalicelib.credentials.routes import routes as credentials
from chalicelib.credits.routes import routes as credit
from chalicelib.events.routes import routes as events
from chalicelib.feeds.routes import routes as feeds
from chalicelib.follow_ups.jobs import blueprint as follow_ups_jobs
from chalicelib.matching.routes import routes as matching
from chalicelib.mentorships.agreements.routes import routes as agreements
from chalicelib.mentorships.assessments.routes import routes as assessments
from chalicelib.mentorships.closing.routes import routes as closing
from chalicelib.mentorships.feedback.routes import routes as feedback
from chalicelib.mentorships.feeds.routes import routes as calendar_feeds
from chalicelib.mentorships.giving.routes import routes as giving
from chalicelib.mentorships.goals.routes import routes as goals
from chalicelib.mentorships.health.routes import routes as health
from chalicelib.mentorships.introductions.routes import routes as introductions
from chalicelib.mentorships.jobs import blueprint as mentorships_jobs
from chalicelib.mentorships.page.routes import routes as mentorship_page
from chalicelib.mentorships.reflections.routes import routes as reflections
from chalicelib.mentorships.routes import routes as mentorships
from chalicelib.mentorships.sessions.routes import routes as sessions
from chalicelib.notifications.jobs import blueprint as notifications_jobs
from chalicelib.notifications.routes import routes as notifications
from chalicelib.organisations.routes import routes as organisations
from chalicelib.people.routes import routes as people
from chalicelib.platform.jobs import blueprint as platform_jobs
from chalicelib.platform.settings import settings
from chalicelib.platform.web.auth import blueprint as auth
from chalicelib.platform.web.methods import refuse_other_methods
from chalicelib.platform.web.pages import routes as pages
from chalicelib.programmes.routes import routes as programmes
from chalicelib.rosters.jobs import blueprint as rosters_jobs
from chalicelib.rosters.routes import routes as rosters
from chalicelib.safety.routes import routes as safety
from chalicelib.series.cases.routes import routes as series_cases
from chalicelib.series.evaluation.routes import routes as series_evaluation
from chalicelib.series.routes import routes as series
from chalicelib.series.sessions.routes import routes as series_sessions
from chalicelib.simulations.chats.routes import routes as simulation_chats
from chalicelib.simulations.ratings.routes import routes as simulation_ratings
from chalicelib.simulations.results.routes import routes as simulation_results
from chalicelib.simulations.routes import routes as simulated_cases
from chalicelib.simulations.sessions.routes import routes as simulations

app = Chalice(app_name="crossward")
# Before the blueprints, or their routes have no CORS.
app.api.cors = CORSConfig(
    allow_origin=settings().web_origin,
    allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match"],
    expose_headers=["ETag", "Idempotency-Replayed"],
    max_age=600,
)

app.register_blueprint(auth)
app.register_blueprint(pages)
app.register_blueprint(accounts)
app.register_blueprint(accounts_jobs)
app.register_blueprint(people)
app.register_blueprint(organisations)
app.register_blueprint(credentials)
app.register_blueprint(review)
app.register_blueprint(trail_exports)
app.register_blueprint(credentials_jobs)
app.register_blueprint(evidence)
app.register_blueprint(evidence_jobs)
app.register_blueprint(registers)
app.register_blueprint(registers_jobs)
app.register_blueprint(programmes)
app.register_blueprint(rosters)
app.register_blueprint(rosters_jobs)
app.register_blueprint(matching)
app.register_blueprint(mentorships)
app.register_blueprint(mentorship_page)
app.register_blueprint(agreements)
app.register_blueprint(giving)
app.register_blueprint(feedback)
app.register_blueprint(goals)
app.register_blueprint(health)
app.register_blueprint(mentorships_jobs)
app.register_blueprint(assessments)
app.register_blueprint(introductions)
app.register_blueprint(reflections)
app.register_blueprint(closing)
app.register_blueprint(sessions)
app.register_blueprint(calendar_feeds)
app.register_blueprint(feeds)
app.register_blueprint(certificates)
app.register_blueprint(certificates_jobs)
app.register_blueprint(portfolios)
app.register_blueprint(records)
app.register_blueprint(safety)
app.register_blueprint(credit)
app.register_blueprint(series)
app.register_blueprint(series_sessions)
app.register_blueprint(series_cases)
app.register_blueprint(series_evaluation)
app.register_blueprint(simulated_cases)
app.register_blueprint(simulations)
app.register_blueprint(events)
app.register_blueprint(simulation_chats)
app.register_blueprint(simulation_ratings)
app.register_blueprint(simulation_results)
app.register_blueprint(circles)
app.register_blueprint(circle_meetings)
app.register_blueprint(notifications)
app.register_blueprint(notifications_jobs)
app.register_blueprint(follow_ups_jobs)
app.register_blueprint(platform_jobs)
refuse_other_methods(app)

gc.freeze()
gc.enable()
