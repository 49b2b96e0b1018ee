"""Every setting of the service, read from the environment and from ``.env``.

Those of the search come from ``knowledge_base.settings``. The table of
``docs/exploitation.md`` is checked against this class by a test.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from connectors.handoff.email import Security, SmtpSettings
from knowledge_base.settings import SearchSettings


class Settings(SearchSettings):
    """What an operator may change. A field is the variable of the same name in capitals."""

    database_url: str | None = Field(
        None, description="Base de données ; sans elle, SQLite dans VAR_DIR."
    )
    redis_url: str | None = Field(
        None, description="Redis pour compter les demandes de plusieurs copies du service."
    )
    host: str = Field("127.0.0.1", description="Adresse sur laquelle le service écoute.")
    port: int = Field(8000, ge=0, le=65535, description="Port du service.")
    public_url: str | None = Field(
        None, description="Adresse publique, sans barre finale ; sert dans les courriels."
    )
    rate_limits: bool = Field(
        True,
        description="Faux seulement pour mesurer : sans limite de débit, sauf les mots de passe.",
    )
    https: bool = Field(False, description="Vrai derrière un serveur HTTPS (cookies, HSTS).")
    rasa_enabled: bool = Field(True, description="Faux : le service répond sans Rasa.")
    rasa_url: str | None = Field(
        None, description="Rasa démarré ailleurs ; sans elle, le service démarre le sien."
    )
    rasa_port: int = Field(5005, ge=1, le=65535, description="Port de Rasa, sur 127.0.0.1.")
    actions_token: SecretStr | None = Field(
        None, description="Secret entre Rasa et le service ; sans lui, tiré à chaque démarrage."
    )
    rasa_python: Path | None = Field(
        None, description="Python de Rasa ; sans lui, celui que l’installation a préparé."
    )
    telegram_token: SecretStr | None = Field(
        None, description="Jeton du robot Telegram ; sans lui, pas de Telegram."
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None,
        description="Secret du webhook ; sans lui, le service interroge Telegram lui-même.",
    )
    telegram_api_url: str | None = Field(
        None, description="Autre serveur de l’API Telegram (serveur local, essais)."
    )
    smtp_host: str | None = Field(
        None, description="Serveur d’envoi ; sans lui, les demandes restent dans la console."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port du serveur d’envoi.")
    smtp_security: Security = Field(Security.STARTTLS, description="starttls, tls ou none.")
    smtp_username: str | None = Field(None, description="Compte du serveur d’envoi.")
    smtp_password: SecretStr | None = Field(None, description="Mot de passe de ce compte.")
    smtp_sender: str = Field(
        "ne-pas-repondre@premiere-reponse.example",
        description="Adresse d’expédition, fixe.",
    )
    handoff_email: str | None = Field(
        None, description="Boîte de l’équipe, prévenue de chaque nouvelle demande."
    )
    owners: dict[str, str] = Field(
        {},
        description="Qui relit : responsable → adresse, en JSON ; par exemple "
        '{"equipe-catalogue": "catalogue@exemple.fr"}.',
    )
    controller: str = Field(
        "Département de Loir-et-Cher", description="Responsable des données, nommé sur les pages."
    )
    data_contact: str | None = Field(
        None, description="Adresse du délégué à la protection des données."
    )
    conversation_days: int = Field(
        30, ge=1, le=365, description="Jours de conservation d’une conversation."
    )
    case_months: int = Field(
        6, ge=1, le=60, description="Mois de conservation d’une demande terminée."
    )

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.var_dir / 'premiere-reponse.db'}"

    @property
    def key_file(self) -> Path:
        """The key of what is encrypted in the database, kept outside of it."""
        return self.var_dir / "keys" / "contacts.key"

    @property
    def url(self) -> str:
        """Where the service is reached, without a final slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def rasa_interpreter(self) -> Path:
        """The Python of Rasa's environment."""
        return self.rasa_python or self.var_dir / "rasa-venv" / "bin" / "python"

    @property
    def rasa_address(self) -> str:
        """Where Rasa listens: on this machine only, unless it is started elsewhere."""
        return self.rasa_url or f"http://127.0.0.1:{self.rasa_port}"

    @property
    def models(self) -> Path:
        """The folder of the built models."""
        return self.var_dir / "models"

    @property
    def embedded_model(self) -> Path:
        """The folder of the default encoder, built at set-up."""
        return self.models / "e5-small"

    @property
    def danger_model(self) -> Path:
        """The folder of the encoder that notices danger, built at set-up."""
        return self.models / "e5-small-danger"

    @property
    def index(self) -> Path:
        """The folder of the search index."""
        return self.var_dir / "index"

    @property
    def encoders(self) -> tuple[str, ...]:
        """The encoders of the search, the main one first."""
        main = self.encoder or str(self.embedded_model)
        return (main, self.second_encoder) if self.second_encoder else (main,)

    @property
    def smtp(self) -> SmtpSettings | None:
        """How e-mails leave, or None when no server is configured."""
        if self.smtp_host is None:
            return None
        return SmtpSettings(
            host=self.smtp_host,
            sender=self.smtp_sender,
            port=self.smtp_port,
            security=self.smtp_security,
            username=self.smtp_username,
            password=self.smtp_password.get_secret_value() if self.smtp_password else None,
        )
