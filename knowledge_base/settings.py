"""The settings of the search, read from the environment and from ``.env``.

``connectors.settings.Settings`` adds those of the service: the command line of the catalogue
and the service read the same variables in the same way.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SearchSettings(BaseSettings):
    """Where the data is, and which models search. A field is the variable in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    var_dir: Path = Field(Path("var"), description="Dossier des données, index, modèles et clés.")
    encoder: str | None = Field(
        None,
        description="Modèle sentence-transformers (nom ou dossier) à la place du modèle fourni.",
    )
    second_encoder: str | None = Field(
        None, description="Deuxième modèle, à côté du premier (« use » ou un autre)."
    )
    vectors_dir: Path | None = Field(
        None, description="Textes déjà lus par les modèles, à partager entre plusieurs dossiers."
    )
    encoder_threads: int = Field(1, ge=1, le=64, description="Fils de calcul par modèle.")

    @property
    def vectors(self) -> Path:
        """Return where the vectors of the texts already read are kept."""
        return self.vectors_dir or self.var_dir / "vectors"
