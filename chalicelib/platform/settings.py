"""What the environment says, read when first used and never at import."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Settings:
    """The installation's settings, one attribute an environment variable."""

    stage: str
    region: str
    table_prefix: str
    documents_bucket: str
    quarantine_bucket: str
    evidence_bucket: str
    mail_queue_url: str
    match_runs_queue_url: str
    roster_imports_queue_url: str
    follow_ups_queue_url: str
    register_loads_queue_url: str
    register_checks_queue_url: str
    certificates_queue_url: str
    user_pool_id: str
    user_pool_client_id: str
    token_issuer: str
    jwks_url: str
    mail_from: str
    mail_configuration_set: str
    mail_rate: int
    web_origin: str
    api_origin: str
    local_clock: bool
    publish_workers: int
    match_machine_arn: str
    match_parts_from: int
    match_at_once: int

    def table(self, capability: str) -> str:
        """Return the name of a capability's table."""
        return f"{self.table_prefix}{capability}"


def work_on(stage: str | None) -> None:
    """Have an operator's command work on the tables of a stage on AWS; without one, on what the environment names."""
    if stage:
        os.environ["TABLE_PREFIX"] = f"crossward-{stage}-"


@cache
def settings() -> Settings:
    """Return the settings of this process; `settings.cache_clear()` reads them again."""
    env = os.environ.get
    region = env("AWS_REGION") or env("AWS_DEFAULT_REGION") or "eu-west-1"
    pool = env("USER_POOL_ID", "")
    issuer = env("TOKEN_ISSUER") or f"https://cognito-idp.{region}.amazonaws.com/{pool}"
    return Settings(
        stage=env("STAGE", "local"),
        region=region,
        table_prefix=env("TABLE_PREFIX", "crossward-local-"),
        documents_bucket=env("DOCUMENTS_BUCKET", "crossward-local-documents"),
        quarantine_bucket=env("QUARANTINE_BUCKET", "crossward-local-quarantine"),
        evidence_bucket=env("EVIDENCE_BUCKET", "crossward-local-evidence"),
        mail_queue_url=env("MAIL_QUEUE_URL", ""),
        match_runs_queue_url=env("MATCH_RUNS_QUEUE_URL", ""),
        roster_imports_queue_url=env("ROSTER_IMPORTS_QUEUE_URL", ""),
        follow_ups_queue_url=env("FOLLOW_UPS_QUEUE_URL", ""),
        register_loads_queue_url=env("REGISTER_LOADS_QUEUE_URL", ""),
        register_checks_queue_url=env("REGISTER_CHECKS_QUEUE_URL", ""),
        certificates_queue_url=env("CERTIFICATES_QUEUE_URL", ""),
        user_pool_id=pool,
        user_pool_client_id=env("USER_POOL_CLIENT_ID", ""),
        token_issuer=issuer,
        jwks_url=env("JWKS_URL") or f"{issuer}/.well-known/jwks.json",
        mail_from=env("MAIL_FROM", "mentoring@crossward.example"),
        mail_configuration_set=env("MAIL_CONFIGURATION_SET", ""),
        mail_rate=int(env("MAIL_RATE", "0")),
        web_origin=env("WEB_ORIGIN", "*"),
        api_origin=env("API_ORIGIN", ""),
        local_clock=env("LOCAL_CLOCK", "") == "1",
        publish_workers=int(env("PUBLISH_WORKERS", "1")),
        match_machine_arn=env("MATCH_MACHINE_ARN", ""),
        match_parts_from=int(env("MATCH_PARTS_FROM", "20000")),
        match_at_once=int(env("MATCH_AT_ONCE", "100")),
    )
