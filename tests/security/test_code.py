"""What no line of the package may do with a file that a user could bring."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "howifeel"
FILES = sorted(PACKAGE.rglob("*.py"))
LOADING = {"load", "loads", "Unpickler", "read_pickle", "load_module"}
UNPICKLING = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def dotted(node):
    """The name that is called, such as torch.load; "?" for what is not spelled out."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def keyword(call, name):
    return next((ast.unparse(k.value) for k in call.keywords if k.arg == name), None)


def offence(call):
    """What is wrong with a call; None where nothing is."""
    name = dotted(call.func)
    head, _, last = name.rpartition(".")
    if head in UNPICKLING and last in LOADING:
        return f"{name} runs what a file says"
    if name in ("torch.load", "torch.jit.load", "torch.hub.load") and (
        name != "torch.load" or keyword(call, "weights_only") != "True"
    ):
        return f"{name} without weights_only=True"
    if last in ("load", "fromfile") and keyword(call, "allow_pickle") not in (None, "False"):
        return f"{name} with allow_pickle"
    if name in ("yaml.load", "yaml.unsafe_load", "yaml.full_load"):
        return name
    if name in ("eval", "exec", "compile", "__import__", "os.system", "os.popen"):
        return name
    if keyword(call, "shell") not in (None, "False"):
        return f"{name} with shell"
    return None


def offences(text):
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return [found for call in calls if (found := offence(call))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_runs_what_a_file_says(path):
    assert offences(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "text",
    ["import pickle; pickle.load(f)", "torch.load(f)", "torch.load(f, weights_only=False)",
     "np.load(f, allow_pickle=True)", "yaml.load(f)", "eval(x)", "exec(x)", "os.system(x)",
     "subprocess.run(x, shell=True)", "torch.jit.load(f)"],
)  # fmt: skip
def test_the_search_finds_what_it_looks_for(text):
    assert offences(text)


def test_the_runtime_has_no_client_of_the_network():
    """Only streams that the user names (FFmpeg) and receivers that the user switches on."""
    allowed = {"emit", "batch", "train"}
    for path in FILES:
        if path.relative_to(PACKAGE).parts[0] in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                clients = (
                    "socket",
                    "http",
                    "urllib.request.urlopen",
                    "requests",
                    "httpx",
                    "ftplib",
                )
                assert name.split(".")[0] not in clients, f"{path} imports {name}"
