"""What the readers say about text they cannot read: one sentence each, with the remedy.

A message is found by its key, so that another language is another table with the same keys.
The parts in braces are filled in from the learner's own text, shortened to a few words.
"""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # any kind
    "empty": "There is nothing here yet: type an answer.",
    "too-long": "This is longer than {limit} characters: type only the answer.",
    "nul": "There is a NUL character here: delete it.",
    "surrogate": "There is half a character here (a lone surrogate): delete it and type it again.",
    "control": "There is an unprintable character here ({code}): delete it.",
    "too-deep": "Brackets are nested more than {limit} deep: write it flatter.",
    "prompt": "Leave out the prompt `{prompt}` and type only what comes after it.",
    "assignment": "Leave out `{name} =` and type only the value.",
    "unclosed": "This `{bracket}` is never closed: add `{closer}`.",
    "unopened": "This `{bracket}` closes nothing: delete it or open it with `{opener}`.",
    "mismatched": "`{bracket}` is closed by `{closer}` here: use the matching bracket.",
    "quote": "This quotation mark is never closed: add the second one or delete it.",
    "character": "`{character}` cannot be read here: type only the answer.",
    "caret": "`^` is not a power here: write **.",
    "superscript": "Raised characters are not read: write ** for a power.",
    "fraction": "`{character}` is not read: write it with a slash, like 1/2.",
    "root": "`√` is not read: write sqrt(2).",
    "percent": "`%` is not read: write 50% as 0.5.",
    "floor-division": "`//` is not read: write / or type the result.",
    "implicit-product": "Multiplication needs its sign: write {left}*{right}.",
    "hexadecimal": "`{text}` is not a decimal number: write it in decimal, or a shape as 0, 3.",
    "imaginary": "`{text}` is imaginary and answers here are real: type real numbers.",
    "bad-number": "`{text}` is not a number: write it like 51200, 51_200 or 0.5.",
    # arithmetic
    "division-by-zero": "This divides by zero: if the value is infinite write inf, else nan.",
    "overflow": "This is too large for a float: if you mean infinity, write inf.",
    "domain": "`{text}` has no real value here: if you mean that, write nan or -inf.",
    # values
    "dangling": "A number is missing after `{text}`: add it or delete the sign.",
    "no-operand": "A number is missing before `{text}`: add it or delete the sign.",
    "empty-item": "A number is missing next to this comma: add it or delete the comma.",
    "empty-row": "A row is missing next to this semicolon: add it or delete the semicolon.",
    "ellipsis": "`...` leaves entries out: type every entry.",
    "brace": "Braces are not read: write [ ] for a list.",
    "separate": "Put a comma or a space before `{text}`.",
    "list-arithmetic": "Lists and tensors are not computed with: type the resulting numbers.",
    "bool-among-numbers": "`{text}` is not a number: type numbers only, or True and False only.",
    "none-among-numbers": "`None` is not a number: type None alone, or only numbers.",
    "word-among-numbers": "The word `{text}` is not a number: type numbers, like 1.5 or [1, 2].",
    "word-suggestion": "The word `{text}` is not known: did you mean {suggestion}?",
    "string-among-numbers": "The text {text} is not a number: type numbers without quotes.",
    "size-among-numbers": "A torch.Size stands alone: type only the shape, or only numbers.",
    "tuple-mixed": "Tensors and numbers are mixed here: type one kind only.",
    "unknown-call": "`{text}(…)` is not computed here: type the resulting numbers, like [0, 0, 0].",
    "call-needs-bracket": "A function needs brackets: write {text}(2).",
    "one-argument": "`{text}` takes one number: write {text}(2).",
    "tensor-argument": "`{text}` takes one list: write {text}([1, 2]).",
    "tensor-keyword": "`{text}=` is not known in a printed tensor: delete it.",
    "size-dims": "A shape is made of whole numbers from 0 up: write torch.Size([2, 3]).",
    "size-entries": "The size {size} does not fit the {count} entries typed: make them agree.",
    "ragged": "The rows differ: one has shape {first} and this one {other}; give every row the same.",
    "ragged-length": "The rows differ in length: one has {first} and this one {other}; fill them up.",
    "mixed-depth": "Numbers and lists are mixed on one level: give every row its own brackets.",
    "item-access": "`{text}` after a value is not computed here: type the resulting value.",
    "comparison": "`{text}` is not read here: type only the value.",
    # values that do not fit the question
    "bool-asked": "True or False is asked for here and `{text}` is neither: type one of the two.",
    # flags
    "flag-word": "`{text}` is neither True nor False: write True or False.",
    "flag-number": "`{text}` is a number and flags are True or False: write one of these.",
    "flag-gap": "A flag is missing next to this comma: add True or False or delete the comma.",
    "flag-count": "There are {wanted} flags and you gave {given}: give True or False for each, in order.",
    "flag-unknown": "`{text}` is not one of the flags: use {names}.",
    "flag-twice": "`{text}` is given twice: give each flag once.",
    "flag-missing": "`{text}` is missing: add {text}=True or {text}=False.",
    # raises
    "raises-class": "Name the class of the error, like RuntimeError, or type no if it runs.",
    "raises-suggestion": "There is no `{text}` in Python: did you mean {suggestion}?",
    "raises-line": "Add the line that raises it, like {text} 4.",
    "raises-form": "This is neither an error nor no: write the class and the line, like RuntimeError 4.",
    "raises-number": "`{text}` is not a line of the program: count the lines from 1.",
    "raises-offer": "Line {text} is not on offer: choose from {lines}.",
    # choice and order
    "choice-offer": "`{text}` is not on offer: type one of the letters {letters}.",
    "choice-one": "Only one option is asked for: type one of the letters {letters}.",
    "order-offer": "`{text}` is not one of the lines: type their letters in order, like {letters}.",
    "order-twice": "`{text}` is there more often than it is on offer: use each line once.",
    # code
    "code-syntax": "Python cannot read line {number} ({reason}): correct it there.",
    "code-empty": "There is no statement here yet: write some code.",
    "code-deep": "This code is nested too deeply: write it flatter.",
    # formulas
    "formula-syntax": "This is not one formula: check the signs, commas and brackets here.",
    "formula-deep": "This formula has too many steps inside one another: write it shorter.",
    "formula-operator": "A sign is missing before `{text}`: write * for a product or @ for matrices.",
    "formula-transpose": "A quotation mark does not transpose: write .T.",
    "formula-statement": "`{text}` is not part of a formula: write one expression without it.",
    "formula-part": "{what} cannot be used in a formula: use {there}.",
    "formula-name": "`{text}` is not there: use {there}.",
    "formula-function": "`{text}` is a function: write {text}( ) with its arguments.",
    "formula-method": "`.{text}` cannot follow a value: use {there}.",
    "formula-keyword": "The keyword `{text}` is not there: use {there}.",
    "formula-text": "Text in quotes is only for einsum and norm: write a number or a variable.",
    "formula-index": "Only whole numbers and slices are read in brackets: write x[0] or x[:, 1].",
    "formula-tensor": "The formula has to give one tensor or number: write it without this.",
    "formula-stopped": "This formula was {reason}: write a cheaper one.",
}
