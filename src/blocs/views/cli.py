"""The command line: every view is a command, every answer can be data.

Exit codes: 0 done, 1 failure, 2 bad input. Only the view that is asked for is
imported, so that ``blocs --help`` is quick.
"""

from __future__ import annotations

import inspect
import os
import sys
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_origin, get_type_hints

from cyclopts import (
    App,
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    Parameter,
    Token,
    UnusedCliTokensError,
    convert,
)

from blocs.errors import BadInput, BlocsError, UnknownName
from blocs.registry import VIEWS
from blocs.views.progress import hushed
from blocs.views.year_option import year_option

if TYPE_CHECKING:  # they bring the data frames, which `blocs --help` does not need
    from rich.console import RenderableType

    from blocs.contracts import Answer, View

_ANSWERS = "blocs.views.answers"
_ENDINGS = (".json", ".csv", ".parquet", ".html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """How to show the answer.

    Attributes
    ----------
    json : bool
        Print the facts as JSON (``read``: one object a line).
    csv : bool
        Print the table as CSV.
    o : Path, optional
        Write to a file; the format follows its ending: .json .csv .parquet .html
    quiet : bool
        Print nothing but the answer: no progress, no announcement, no "Written to".
    debug : bool
        Show the traceback of an error.
    """

    json: bool = False
    csv: bool = False
    o: Annotated[Path | None, Parameter(name=["-o", "--output"])] = None
    quiet: Annotated[bool, Parameter(name=["-q", "--quiet"])] = False
    debug: bool = False


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command line and leave with its exit code."""
    given = sys.argv[1:] if argv is None else argv
    words = ["./-" if word == "-" else word for word in given]  # a lone - is a file, no option
    try:
        _app(words)(words, exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        _fail("BadInput", _misspelt(error), words)
        _leave(2)
    except BlocsError as error:
        _fail(type(error).__name__, str(error), words)
        _leave(2 if isinstance(error, BadInput) else 1)
    except KeyboardInterrupt as stop:
        print("; ".join(("stopped; nothing half-written", *stop.args)), file=sys.stderr)
        _leave(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _leave(0)
    except Exception as error:
        if "--debug" in words:
            raise
        kind = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        _fail("Fault", f"a fault in blocs ({kind}); --debug shows where", words)
        _leave(1)
    _leave(0)


def titles() -> dict[str, str]:
    """Name and one-line title of every command, read without importing them."""
    folder = resources.files(_ANSWERS)
    out = {}
    for name in VIEWS.names():
        file = folder / f"{name.replace('-', '_')}.py"
        text = file.read_text(encoding="utf-8") if file.is_file() else '"""An added command.'
        out[name] = text.partition('"""')[2].splitlines()[0].removesuffix('"""').strip()
    return out


def render(answer: Answer, output: Output) -> None:
    """Show an answer as the output options ask.

    Raises
    ------
    BadInput
        If the answer has no table or page and one is asked for.
    """
    data = output.json or output.csv
    shown = _data(answer, output) if data else ""
    target = output.o
    if target is None and answer.writes and not data:
        target = Path(answer.writes)
    if target is not None:
        _write(answer, target)  # first: a command that fails has said nothing
    if data:
        sys.stdout.write(shown)
    else:
        _print(answer, target, quiet=output.quiet)


def _print(answer: Answer, target: Path | None, *, quiet: bool) -> None:
    from rich.console import Console

    from blocs.views.harmless import Harmless

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    with console.capture() as shown:  # written at once: rich would end the program at a closed pipe
        if not (quiet and target):
            console.print(Harmless(cast("RenderableType", answer.text)))
        if target is not None and not quiet:
            console.print(f"Written to {target}", style="dim")
    sys.stdout.write(shown.get())


def _data(answer: Answer, output: Output) -> str:
    if output.csv and not output.json:
        return str(_table(answer).write_csv())
    return _json(answer) if answer.lines is None else _lines(answer.lines)


def _lines(records: Sequence[object]) -> str:
    import msgspec

    return msgspec.json.Encoder().encode_lines(records).decode()


def _json(answer: Answer) -> str:
    from blocs.views.formats import json_text

    return json_text(answer.facts)


def _table(answer: Answer) -> Any:
    if answer.table is None:
        raise BadInput("this answer has no table; use --json or a .json file")
    return answer.table


def _write(answer: Answer, path: Path) -> None:
    from blocs.files import write_atomic, write_parquet, write_text

    ending = path.suffix.lower()
    if ending in answer.formats:
        write_atomic(path, answer.formats[ending])
        return
    match ending:
        case ".json":
            write_text(path, _json(answer))
        case ".jsonl" if answer.lines is not None:
            write_text(path, _lines(answer.lines))
        case ".csv":
            write_text(path, _table(answer).write_csv())
        case ".parquet":
            write_parquet(path, _table(answer))
        case ".html" | ".htm":
            if answer.page is None:
                raise BadInput("this answer has no page; use .json, .csv or .parquet")
            write_text(path, answer.page())
        case _:
            _known_ending(path, tuple(answer.formats))
            raise BadInput(f"-o {path}: this answer has no such form; use .json")


def _known_ending(path: Path, further: Sequence[str]) -> None:
    """Refuse a file whose ending no answer of the command can be written as."""
    ending, known = path.suffix.lower(), [*_ENDINGS, *further]
    if ending not in {*known, ".htm"}:
        raise BadInput(
            f"-o {path}: the ending {ending or '(none)'} is not known; use {', '.join(known)}"
        )


def _app(words: Sequence[str]) -> App:
    from blocs import __version__

    app = App(
        name="blocs",
        version=__version__,
        help="Who stands with whom, on what, how firmly, since when, on whose word - and what "
        "follows?\n\nStart with: blocs brief CHN RUS IRN PRK",
        help_format="plaintext",
        default_parameter=Parameter(negative=(), converter=_converted),
        suppress_keyboard_interrupt=False,
    )
    wanted = next((word for word in words if not word.startswith("-")), "")
    for name, title in titles().items():
        if name == wanted:
            _register(app, name, title, VIEWS.get(name))
        else:
            app.command(_stub, name=name, help=title)
    return app


def _converted(hint: Any, tokens: Sequence[Token]) -> Any:
    """Convert the words of an option; cyclopts alone rounds 1.5 where a whole number is asked."""
    if hint is int:
        for token in tokens:
            try:
                int(token.value)
            except ValueError:
                said = f"{token.keyword} {token.value}: give a whole number"
                raise CoercionError(msg=said) from None
    return convert(hint, tokens)


def _stub() -> None:
    """Stand in the command list for a view that was not asked for."""


def _register(app: App, name: str, title: str, view: View) -> None:
    notes = "\n".join(["Examples:", *(f"  {line}" for line in view.examples)])
    about = _about(view.ask, title) if view.ask is not None else title
    if view.ask is not None and not view.verbs:
        app.command(_command(view.ask, view.endings), name=name, help=about, help_epilogue=notes)
        return
    group = App(name=name, help=about, help_epilogue=notes)
    if view.ask is not None:
        group.default(_command(view.ask, view.endings))
    for verb, ask in view.verbs.items():
        group.command(_command(ask, view.endings), name=verb, help=_about(ask, verb))
    app.command(group)


def _about(ask: Callable[..., Answer], title: str) -> str:
    text = inspect.getdoc(ask) or title
    return text.split("\n\nParameters\n")[0]


def _command(ask: Callable[..., Answer], further: Sequence[str]) -> Callable[..., None]:
    """Turn ``ask`` into a command: options flattened, output options added.

    An ending of ``-o`` that is not known is refused before anything is computed.
    """
    signature = inspect.signature(ask)
    hints = get_type_hints(ask, include_extras=True)
    given = signature.parameters.values()
    # Where no word stands alone, an option may take several: --between RUS PRK.
    several = all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in given)
    parameters = [
        parameter.replace(annotation=_option(parameter, hints[parameter.name], several=several))
        for parameter in given
    ]
    flat = Annotated[Output, Parameter(name="*")]
    parameters.append(
        inspect.Parameter(
            "output", inspect.Parameter.KEYWORD_ONLY, default=Output(), annotation=flat
        )
    )

    def run(*args: Any, output: Output, **options: Any) -> None:
        if output.json and output.csv:
            raise BadInput("--json and --csv both ask for the screen; give one, and -o for a file")
        if output.o is not None:
            _known_ending(output.o, further)
        if (options.get("seed") or 0) < 0:
            raise BadInput(f"--seed {options['seed']}: a whole number, 0 or more")
        with _plainly(), hushed(output.quiet), _dated(args, hints):
            answer = ask(*args, **options)
        render(answer, output)

    def guarded(*args: Any, **options: Any) -> None:
        output = options.pop("output", Output())
        try:
            run(*args, output=output, **options)
        except BlocsError:
            if output.debug:
                raise RuntimeError("traceback asked for with --debug") from sys.exception()
            raise

    guarded.__doc__ = inspect.getdoc(ask)
    guarded.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    guarded.__annotations__ = {p.name: p.annotation for p in parameters}
    return guarded


@contextmanager
def _dated(words: Sequence[object], options: Collection[str]) -> Iterator[None]:
    """Add to an error about a year among the words which option takes it."""
    try:
        yield
    except BadInput as error:
        option = year_option([str(word) for word in words], options)
        if not any(word in str(error) for word in option.split()):
            raise
        hint = f"A year goes into an option: {option}"
        if isinstance(error, UnknownName):
            near = error.nearest if " " in error.name else ()  # to 1950 alone nothing is near
            raise UnknownName(error.kind, error.name, near, hint) from error
        raise BadInput(f"{error}. {hint}") from error


@contextmanager
def _plainly() -> Iterator[None]:
    """Say warnings in one line each, without the place in the code that gave them."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_args, **_kw: print(
            f"warning: {message}", file=sys.stderr
        )
        yield


def _option(parameter: inspect.Parameter, hint: Any, *, several: bool) -> Any:
    if is_dataclass(hint):
        return Annotated[hint, Parameter(name="*")]
    if several and get_origin(hint) is tuple:
        return Annotated[hint, Parameter(consume_multiple=True)]
    if parameter.kind is inspect.Parameter.KEYWORD_ONLY and len(parameter.name) == 1:
        return Annotated[hint, Parameter(name=[f"-{parameter.name}", f"--{parameter.name}"])]
    if parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.name.endswith("_"):
        return Annotated[hint, Parameter(name=f"--{parameter.name[:-1]}")]
    return hint


def _fail(kind: str, message: str, words: Sequence[str]) -> None:
    if "--json" in words:
        import msgspec

        body = {"error": {"kind": kind, "message": message}}
        print(msgspec.json.encode(body).decode(), file=sys.stderr)
    else:
        print(f"error: {message}", file=sys.stderr)


def _misspelt(error: CycloptsError) -> str:
    """Say what in a command line was not understood, and where its form stands."""
    command = " ".join(["blocs", *(error.command_chain or ())])
    if isinstance(error, UnusedCliTokensError):
        said = f"{command} does not take {' '.join(error.unused_tokens or ())}"
        option = year_option(error.unused_tokens or (), _options(error.command_chain or ()))
        said += f". A year goes into an option: {option}" if option else ""
    elif isinstance(error, MissingArgumentError) and _by_place(error):
        said = f"{command} needs {_by_place(error)}, and it is missing"
    else:
        said = " ".join(str(error).split()).removesuffix(".")
    pause = " " if said.endswith("?") else "; "
    return f"{said}{pause}`{command} --help` shows what it takes"


def _options(chain: Sequence[str]) -> Collection[str]:
    """Names of the parameters of the command that these words call."""
    view = VIEWS.get(chain[0]) if chain else None
    ask = view and (view.verbs.get(chain[1]) if len(chain) > 1 else view.ask)
    return inspect.signature(ask).parameters if ask else ()


def _by_place(error: MissingArgumentError) -> str:
    """Name of the missing argument as help writes it, where it is given by its place."""
    missing = error.argument
    if missing is None or missing.index is None or missing.tokens:
        return ""
    return missing.name.lstrip("-").upper()


def _leave(code: int) -> None:
    raise SystemExit(code)
