"""A plain interpreter, one char at a time."""

from calls import Case, call, err, ok

HELLO = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."
PROGRAMS = [
    (HELLO, "", "published: it prints Hello World!"),
    (",[.,]", "échø", None),
    (",[>,]<[.<]", "", None),
    (">,[>,]<[.<]", "stressed", None),
    ("++++++++[>++++++<-]>.+.+.+. digits", "", None),
    (",>++++++[<-------->-],[<+>-]<.", "34", None),
    ("+[[->+<]>[-<++>]<[>>+<<-]>>[-<<+>>]<<+++++[-]]", "", None),
    (">++++[<++++++++>-]>++++++++[>++++<-]>>++>>>+>>>+<<<<<<<<<<[-[-<+>]>]<.", "", None),
]


def execute(program, data):
    stack, jump = [], {}
    for i, c in enumerate(program):
        if c == "[":
            stack.append(i)
        elif c == "]":
            jump[i] = stack.pop()
            jump[jump[i]] = i
    tape, at, i, out, data = {}, 0, 0, bytearray(), list(data.encode())
    while i < len(program):
        c = program[i]
        if c in "+-":
            tape[at] = (tape.get(at, 0) + (1 if c == "+" else -1)) % 256
        elif c in "<>":
            at += 1 if c == ">" else -1
            if at < 0:
                return err(Case("LeftOfTape"))
        elif c == ".":
            out.append(tape.get(at, 0))
        elif c == ",":
            tape[at] = data.pop(0) if data else 0
        elif c == "[" and not tape.get(at, 0) or c == "]" and tape.get(at, 0):
            i = jump[i]
        i += 1
    try:
        return ok(out.decode())
    except UnicodeDecodeError:
        return ok("")


for program, data, source in PROGRAMS:
    outcome = execute(program, data)
    call("execute", outcome, source=source, program=program, input=data)
call("execute", err(Case("Unclosed", 2)), source="by hand", program="+-[[]")
