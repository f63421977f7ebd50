"""create accounts, their invitations, devices, passkeys, challenges and failures"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = "id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_{0} PRIMARY KEY"
TABLES = {
    "accounts": """
        sign_in_name varchar NOT NULL,
        sign_in_key varchar NOT NULL CONSTRAINT uq_accounts_sign_in_key UNIQUE,
        name varchar NOT NULL, role varchar NOT NULL, region_code varchar NOT NULL,
        office varchar NOT NULL, unit_id varchar, handle bytea NOT NULL, password varchar,
        issuer varchar, subject varchar, created_at timestamptz NOT NULL,
        disabled_at timestamptz, disabled_by varchar,
        CONSTRAINT uq_accounts_issuer_subject UNIQUE (issuer, subject)""",
    "invitations": """
        code_hash bytea NOT NULL CONSTRAINT uq_invitations_code_hash UNIQUE,
        name varchar NOT NULL, role varchar NOT NULL, region_code varchar NOT NULL,
        office varchar NOT NULL, unit_id varchar,
        account_id bigint CONSTRAINT fk_invitations_account_id REFERENCES registry.accounts,
        invited_by varchar NOT NULL, invited_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL, accepted_at timestamptz,
        accepted_by bigint CONSTRAINT fk_invitations_accepted_by REFERENCES registry.accounts,
        revoked_at timestamptz, revoked_by varchar""",
    "devices": """
        account_id bigint NOT NULL
            CONSTRAINT fk_devices_account_id REFERENCES registry.accounts,
        secret_hash bytea NOT NULL CONSTRAINT uq_devices_secret_hash UNIQUE,
        name varchar NOT NULL, method varchar NOT NULL, address varchar NOT NULL,
        signed_in_at timestamptz NOT NULL, used_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL, ended_at timestamptz, end_reason varchar""",
    "passkeys": """
        account_id bigint NOT NULL
            CONSTRAINT fk_passkeys_account_id REFERENCES registry.accounts,
        device_id bigint NOT NULL CONSTRAINT fk_passkeys_device_id REFERENCES registry.devices,
        credential_id bytea NOT NULL CONSTRAINT uq_passkeys_credential_id UNIQUE,
        public_key bytea NOT NULL, sign_count bigint NOT NULL, recorded_at timestamptz NOT NULL,
        used_at timestamptz, removed_at timestamptz""",
}


def upgrade() -> None:
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE registry.{name} ({ID.format(name)}, {columns})")
    for name in ("devices", "passkeys"):
        op.execute(f"CREATE INDEX ix_{name}_account_id ON registry.{name} (account_id)")
    op.execute("""
        CREATE TABLE registry.challenges (
            hash bytea CONSTRAINT pk_challenges PRIMARY KEY, purpose varchar NOT NULL,
            account_id bigint, invitation_id bigint, address varchar NOT NULL,
            expires_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX ix_challenges_address ON registry.challenges (address)")
    op.execute("""
        CREATE TABLE registry.sign_in_failures (
            name_hash bytea, address varchar, failures bigint NOT NULL,
            last_at timestamptz NOT NULL, locked_until timestamptz,
            CONSTRAINT pk_sign_in_failures PRIMARY KEY (name_hash, address)
        )""")


def downgrade() -> None:
    for name in ("sign_in_failures", "challenges", *reversed(TABLES)):
        op.execute(f"DROP TABLE registry.{name}")
