"""The languages whose code is shortened: a row of node types and comment signs for each, and no code."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """
    What a grammar calls the things that a view keeps and cuts.

    Node types are those of the language's tree-sitter grammar; queries are in tree-sitter's own notation.

    Attributes:
        name: The name of the language, as `language=` and detection have it.
        module: The module of the grammar.
        grammar: The function of the module that returns it.
        comment: What stands before a marker, so that it is a comment: one of `markers.COMMENT_SIGNS` and a space.
        placeholder: What a block needs where all its statements are gone, written before the marker; empty where it needs none.
        functions: Functions, methods and other nodes with a body of statements.
        bodies: What a body is, and what else holds statements one after the other.
        quotes: What a body stands between that is quoted as a whole; where it does not parse, all in it may go.
        statements: What of a body may go, where that is not all of it; the first one stays, for a body must have one.
        types: Classes and other nodes whose name stands before the names of what is in them.
        named: What else is found by its name.
        attributes: What stands above a declaration, as a node of its own, and belongs to it.
        comments: Comments.
        docstring: A query for strings that stand as statements (`@doc`), where the language documents by them.
        lists: Literals of several elements.
        calls: A query for the names of what is called (`@call`).
        raises: A query for what is raised (`@raise`).
        catches: A query for what is caught (`@catch`).
        returns: A query for what is returned (`@return`).
        transparent: What stands around declarations that are as if they stood in the open.
        yields: A query for what makes a function a generator (`@yield`).
        names: What holds the name of a node, where that is not a field of it.
        macros: What stands for something that the grammar cannot know, as regular expressions over lines, with those first that
            are surest. Passed over, one after the other, where the code does not parse.
        private: What the head of a function looks like that is no part of a public interface, as a regular expression.

    """

    name: str
    module: str
    grammar: str = "language"
    comment: str = "// "
    placeholder: str = ""
    functions: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ("comment",)
    docstring: str = ""
    lists: tuple[str, ...] = ()
    calls: str = ""
    raises: str = ""
    catches: str = ""
    returns: str = ""
    transparent: tuple[str, ...] = ()
    yields: str = ""
    names: tuple[str, ...] = ()
    macros: tuple[bytes, ...] = ()
    private: str = ""


_JAVASCRIPT_FUNCTIONS = (
    "function_declaration",
    "function_expression",
    "generator_function",
    "generator_function_declaration",
    "arrow_function",
    "method_definition",
    "class_static_block",
)
_TYPESCRIPT_TYPES = (
    "class_declaration",
    "abstract_class_declaration",
    "interface_declaration",
    "type_alias_declaration",
    "enum_declaration",
    "internal_module",
    "module",
)
_JAVASCRIPT = Language(
    name="javascript",
    module="tree_sitter_javascript",
    functions=_JAVASCRIPT_FUNCTIONS,
    bodies=("statement_block",),
    types=("class_declaration",),
    attributes=("decorator",),
    lists=("array", "object"),
    calls="(call_expression function: [(identifier) @call (member_expression property: (_) @call)])",
    raises="(throw_statement [(new_expression constructor: (_) @raise) (identifier) @raise])",
    returns="(return_statement (_) @return)",
    yields="(yield_expression) @yield",
    private=r"\s*(?:private\b|#|_)",
)
_TYPESCRIPT = replace(
    _JAVASCRIPT,
    name="typescript",
    module="tree_sitter_typescript",
    grammar="language_typescript",
    types=_TYPESCRIPT_TYPES,
    named=("function_signature", "method_signature", "abstract_method_signature"),
)
_TSX = replace(_TYPESCRIPT, name="tsx", grammar="language_tsx")

_PYTHON = Language(
    name="python",
    module="tree_sitter_python",
    comment="# ",
    placeholder="...  ",
    functions=("function_definition",),
    bodies=("block",),
    types=("class_definition",),
    docstring="(block . (expression_statement (string) @doc)) (module . (expression_statement (string) @doc))"
    " (module . (comment) . (expression_statement (string) @doc))",
    lists=("list", "dictionary", "set", "tuple"),
    calls="(call function: [(identifier) @call (attribute attribute: (_) @call)])",
    raises="(raise_statement . [(call function: (_) @raise) (identifier) @raise (attribute) @raise])",
    catches="(except_clause . [(identifier) @catch (attribute) @catch (tuple) @catch (as_pattern . (_) @catch)])",
    returns="(return_statement (_) @return)",
    yields="(yield) @yield",
    private=r"\s*(?:(?:async )?def|class) _(?!_)",
)
_GO = Language(
    name="go",
    module="tree_sitter_go",
    functions=("function_declaration", "method_declaration", "func_literal"),
    bodies=("block", "statement_list"),
    named=("type_spec", "type_alias"),
    lists=("literal_value",),
    calls="(call_expression function: [(identifier) @call (selector_expression field: (_) @call)])",
    raises='(call_expression function: (identifier) @raise (#eq? @raise "panic"))',
    returns="(return_statement (expression_list) @return)",
    private=r"func (?:\([^)\n]{0,200}\) )?[a-z_]",
)
_RUST = Language(
    name="rust",
    module="tree_sitter_rust",
    functions=("function_item", "closure_expression"),
    bodies=("block",),
    types=("impl_item", "trait_item", "mod_item"),
    named=("struct_item", "enum_item", "union_item", "type_item", "function_signature_item", "macro_definition"),
    attributes=("attribute_item",),
    comments=("line_comment", "block_comment"),
    lists=("array_expression",),
    calls="(call_expression function: [(identifier) @call (field_expression field: (_) @call)"
    " (scoped_identifier name: (_) @call)])",
    raises="(macro_invocation macro: (identifier) @raise"
    ' (#any-of? @raise "panic" "unreachable" "todo" "unimplemented" "bail"))',
    returns="(return_expression (_) @return)",
    private=r"\s*(?:async |unsafe |const )*fn ",
)
_JAVA = Language(
    name="java",
    module="tree_sitter_java",
    functions=(
        "method_declaration",
        "constructor_declaration",
        "compact_constructor_declaration",
        "lambda_expression",
        "static_initializer",
    ),
    bodies=("block", "constructor_body"),
    types=(
        "class_declaration",
        "interface_declaration",
        "enum_declaration",
        "record_declaration",
        "annotation_type_declaration",
    ),
    comments=("line_comment", "block_comment"),
    lists=("array_initializer",),
    calls="(method_invocation name: (_) @call)",
    raises="(throw_statement [(object_creation_expression type: (_) @raise) (identifier) @raise])",
    catches="(catch_type) @catch",
    returns="(return_statement (_) @return)",
    private=r"\s*(?:@\w+ )*private\b",
)
_MACRO = rb"(?:__\w+__|_{0,2}[A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:\([^()\n]*\))?"
_C_MACROS = (
    # On a line of its own, as what opens a namespace or a class's public part.
    rb"^[ \t]*" + _MACRO + rb"[ \t]*;?[ \t]*$",
    # Before a word, as what says how a function is exported or inlined.
    rb"\b" + _MACRO + rb"(?=\s+[A-Za-z_~:<\[])",
    # The second way of what the preprocessor decides, and the lines by which it does, where both do not fit together.
    rb"^[ \t]*#[ \t]*(?:else|elif)\b[\s\S]*?^[ \t]*#[ \t]*endif[^\n]*$",
    rb"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|endif)\b[^\n]*$",
)
_C = Language(
    name="c",
    module="tree_sitter_c",
    functions=("function_definition",),
    bodies=("compound_statement",),
    transparent=("preproc_if", "preproc_ifdef", "preproc_else", "preproc_elif", "linkage_specification", "declaration_list"),
    named=(
        "preproc_function_def",
        "declaration declarator: (function_declarator)",
        "declaration declarator: (pointer_declarator declarator: (function_declarator))",
        "struct_specifier body: (_)",
        "union_specifier body: (_)",
        "enum_specifier body: (_)",
        "type_definition",
    ),
    lists=("initializer_list", "enumerator_list"),
    calls="(call_expression function: [(identifier) @call (field_expression field: (_) @call)])",
    returns="(return_statement (_) @return)",
    macros=_C_MACROS,
    private=r"\s*static\b",
)
_CPP = Language(
    name="cpp",
    module="tree_sitter_cpp",
    functions=("function_definition", "lambda_expression"),
    bodies=("compound_statement",),
    types=("class_specifier", "struct_specifier", "namespace_definition"),
    transparent=("preproc_if", "preproc_ifdef", "preproc_else", "preproc_elif", "linkage_specification", "declaration_list"),
    named=(
        "preproc_function_def",
        "declaration declarator: (function_declarator)",
        "declaration declarator: (pointer_declarator declarator: (function_declarator))",
        "union_specifier body: (_)",
        "enum_specifier body: (_)",
        "type_definition",
        "alias_declaration",
    ),
    lists=("initializer_list", "enumerator_list"),
    calls="(call_expression function: [(identifier) @call (field_expression field: (_) @call)"
    " (qualified_identifier name: (identifier) @call)])",
    raises="(throw_statement (call_expression function: (_) @raise))",
    catches="(catch_clause parameters: (_) @catch)",
    returns="(return_statement (_) @return)",
    macros=_C_MACROS,
    private=r"\s*static\b",
)
_CSHARP = Language(
    name="csharp",
    module="tree_sitter_c_sharp",
    functions=(
        "method_declaration",
        "constructor_declaration",
        "destructor_declaration",
        "operator_declaration",
        "conversion_operator_declaration",
        "local_function_statement",
        "lambda_expression",
        "anonymous_method_expression",
        "accessor_declaration",
    ),
    bodies=("block",),
    types=(
        "class_declaration",
        "struct_declaration",
        "interface_declaration",
        "record_declaration",
        "enum_declaration",
        "namespace_declaration",
    ),
    named=("property_declaration", "indexer_declaration", "delegate_declaration"),
    lists=("initializer_expression",),
    calls="(invocation_expression function: [(identifier) @call (member_access_expression name: (_) @call)])",
    raises="(throw_statement (object_creation_expression type: (_) @raise))"
    " (throw_expression (object_creation_expression type: (_) @raise))",
    catches="(catch_declaration type: (_) @catch)",
    returns="(return_statement (_) @return)",
    yields="(yield_statement) @yield",
    private=r"\s*(?:\[[^\]\n]{0,200}\] ?)*private\b",
)
_RUBY = Language(
    name="ruby",
    module="tree_sitter_ruby",
    comment="# ",
    functions=("method", "singleton_method", "do_block", "block"),
    bodies=("body_statement", "block_body", "then", "do"),
    types=("class", "module"),
    lists=("array", "hash"),
    calls="(call method: (_) @call)",
    raises='(call method: (identifier) @m arguments: (argument_list . (_) @raise) (#any-of? @m "raise" "fail"))',
    catches="(exceptions (_) @catch)",
    yields="(yield) @yield",
    returns="(return (argument_list) @return)",
)
_PHP = Language(
    name="php",
    module="tree_sitter_php",
    grammar="language_php",
    functions=("function_definition", "method_declaration", "anonymous_function"),
    bodies=("compound_statement",),
    types=("class_declaration", "interface_declaration", "trait_declaration", "enum_declaration"),
    lists=("array_creation_expression",),
    calls="(function_call_expression function: (name) @call) (member_call_expression name: (_) @call)"
    " (scoped_call_expression name: (_) @call)",
    raises="(throw_expression (object_creation_expression [(name) (qualified_name)] @raise))",
    catches="(catch_clause type: (_) @catch)",
    returns="(return_statement (_) @return)",
    private=r"\s*(?:static |final )*private\b",
)
_KOTLIN = Language(
    name="kotlin",
    module="tree_sitter_kotlin",
    functions=(
        "function_declaration",
        "anonymous_function",
        "secondary_constructor",
        "anonymous_initializer",
        "getter",
        "setter",
        "lambda_literal",
    ),
    bodies=("function_body", "block", "lambda_literal"),
    types=("class_declaration", "object_declaration", "companion_object"),
    named=("property_declaration (getter)", "type_alias"),
    comments=("line_comment", "block_comment"),
    calls="(call_expression . [(identifier) @call (navigation_expression (identifier) @call .)])",
    raises="(throw_expression (call_expression . (_) @raise))",
    catches="(catch_block (user_type) @catch)",
    returns="(return_expression (_) @return)",
    names=("variable_declaration",),
    private=r"\s*(?:\w+ )*(?:private|internal)\b",
)
_SWIFT = Language(
    name="swift",
    module="tree_sitter_swift",
    functions=("function_declaration", "init_declaration", "deinit_declaration", "lambda_literal", "computed_property"),
    bodies=("function_body", "statements"),
    types=("class_declaration", "protocol_declaration"),
    named=("property_declaration computed_value: (_)", "typealias_declaration", "protocol_function_declaration"),
    comments=("comment", "multiline_comment"),
    lists=("array_literal", "dictionary_literal"),
    calls="(call_expression . [(simple_identifier) @call"
    " (navigation_expression suffix: (navigation_suffix suffix: (_) @call))])",
    catches="(catch_block error: (_) @catch)",
    returns="(control_transfer_statement result: (_) @return)",
    private=r"\s*(?:@\w+ )*(?:private|fileprivate)\b",
)
_SCALA = Language(
    name="scala",
    module="tree_sitter_scala",
    functions=("function_definition",),
    bodies=("block", "indented_block"),
    types=("class_definition", "object_definition", "trait_definition", "enum_definition"),
    comments=("comment", "block_comment"),
    calls="(call_expression function: [(identifier) @call (field_expression field: (_) @call)])",
    raises="(throw_expression (instance_expression . (_) @raise))",
    catches="(typed_pattern type: (_) @catch)",
    private=r"\s*(?:\w+ )*private\b",
)
_BASH = Language(
    name="bash",
    module="tree_sitter_bash",
    comment="# ",
    placeholder=": ",
    functions=("function_definition",),
    bodies=("compound_statement",),
    lists=("array",),
    calls="(command name: (command_name) @call)",
)
_LUA = Language(
    name="lua",
    module="tree_sitter_lua",
    comment="-- ",
    functions=("function_declaration", "function_definition"),
    bodies=("block",),
    lists=("table_constructor",),
    calls="(function_call name: [(identifier) @call (dot_index_expression field: (_) @call)"
    " (method_index_expression method: (_) @call)])",
    raises='(function_call name: (identifier) @raise (#eq? @raise "error"))',
    returns="(return_statement (_) @return)",
    private=r"\s*local\b",
)
_SQL = Language(
    name="sql",
    module="tree_sitter_sql",
    comment="-- ",
    functions=("create_function",),
    bodies=("function_body",),
    quotes=("dollar_quote",),
    statements=("statement",),
    named=("create_table", "create_view", "create_materialized_view", "create_trigger", "create_type"),
    comments=("comment", "marginalia"),
    lists=("insert",),
    calls="(invocation (object_reference name: (_) @call))",
    names=("object_reference",),
)

LANGUAGES: dict[str, Language] = {
    row.name: row
    for row in (
        _PYTHON,
        _JAVASCRIPT,
        _TYPESCRIPT,
        _TSX,
        _GO,
        _RUST,
        _JAVA,
        _C,
        _CPP,
        _CSHARP,
        _RUBY,
        _PHP,
        _KOTLIN,
        _SWIFT,
        _SCALA,
        _BASH,
        _LUA,
        _SQL,
    )
}
"""Every language, by name."""

ALIASES = {
    "py": "python", "python3": "python", "pyi": "python", "py3": "python",
    "js": "javascript", "jsx": "javascript", "mjs": "javascript", "cjs": "javascript", "node": "javascript",
    "ts": "typescript", "mts": "typescript", "cts": "typescript",
    "golang": "go", "rs": "rust", "h": "c", "c++": "cpp", "cxx": "cpp", "cc": "cpp", "hpp": "cpp", "hxx": "cpp",
    "c#": "csharp", "cs": "csharp", "c_sharp": "csharp", "rb": "ruby", "php5": "php", "php7": "php", "kt": "kotlin",
    "kts": "kotlin", "sc": "scala", "sh": "bash", "shell": "bash", "zsh": "bash", "ksh": "bash",
    "postgresql": "sql", "postgres": "sql", "mysql": "sql", "plpgsql": "sql", "sqlite": "sql", "tsql": "sql",
}  # fmt: skip
"""Other names of languages, as fences and users write them."""

KIN: dict[str, tuple[str, ...]] = {
    "c": ("cpp",),
    "cpp": ("c",),
    "javascript": ("typescript", "tsx"),
    "typescript": ("tsx", "javascript"),
    "java": ("csharp", "kotlin", "scala"),
    "csharp": ("java",),
    "kotlin": ("swift", "scala"),
    "swift": ("kotlin",),
    "ruby": ("lua",),
    "rust": ("swift",),
    "bash": ("ruby",),
}
"""What else code may be that looks like a language at a glance, the likeliest first."""


def known_language(name: str) -> Language | None:
    """Return the language of a name, in whatever way people write it, or None where there is no grammar for it."""
    name = name.lower()
    return LANGUAGES.get(ALIASES.get(name, name))
