"""An import contract: every module of a package is pure unless it is listed, and pure modules import only pure ones."""

from fnmatch import fnmatchcase

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PureContract(Contract):
    """No pure module reaches a forbidden package or an impure module of the library, directly or by others.

    `packages` hold pure modules, except those that match a pattern of `impure`; `pure_library` are the modules of
    `library` that count as pure.
    """

    type_name = "pure"

    packages = fields.SetField(subfield=fields.StringField())
    impure = fields.SetField(subfield=fields.StringField())
    library = fields.StringField()
    pure_library = fields.SetField(subfield=fields.StringField())
    forbidden = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every shortest way from a pure module to what it must not reach."""
        library = {module for module in graph.find_descendants(str(self.library)) if module in graph.modules}
        pure_library = {module for module in library if matches(module, self.pure_library)}
        services = {module for package in names(self.packages) for module in graph.find_descendants(package)}
        pure = pure_library | {module for module in services if not matches(module, self.impure)}
        out_of_reach = (names(self.forbidden) & graph.modules) | (library - pure_library) | (services - pure)
        reached = {module: graph.find_upstream_modules(module) & out_of_reach for module in sorted(pure)}
        chains = [
            graph.find_shortest_chain(importer=module, imported=found)
            for module, all_found in reached.items()
            for found in sorted(all_found)
        ]
        unused = [pattern for pattern in sorted(names(self.impure)) if not any(matches(m, {pattern}) for m in services)]
        return ContractCheck(
            kept=not chains and not unused,
            metadata={"chains": [" -> ".join(chain) for chain in chains if chain], "unused": unused},
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the ways found, and the patterns that no longer match anything."""
        for chain in check.metadata["chains"]:
            output.print_error(chain)
        for pattern in check.metadata["unused"]:
            output.print_error(f"{pattern} matches no module: take it off the list")


def names(values: object) -> set[str]:
    """The values of a field of the contract."""
    assert isinstance(values, set | frozenset | list)
    return {str(value) for value in values}


def matches(module: str, patterns: object) -> bool:
    """Whether one of the patterns names the module."""
    return any(fnmatchcase(module, pattern) for pattern in names(patterns))
