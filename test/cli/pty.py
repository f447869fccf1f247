"""Runs a command in a terminal of its own: pty.py COLUMNS ROWS COMMAND ARGUMENT...

What arrives on standard input is typed; between two zero bytes it is the name of a signal, which is sent once what came before is typed.
What the terminal shows goes to standard output, the first line is the process id. At the end standard error gets one line of JSON: the
exit code as a shell sees it, and whether the terminal echoes and edits lines as before.
"""
import fcntl, json, os, select, signal, struct, subprocess, sys, termios

columns, rows, *command = sys.argv[1:]
master, slave = os.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


def own_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, preexec_fn=own_terminal)
out = sys.stdout.buffer
out.write(b"%d\n" % child.pid)
out.flush()
watched = [master, 0]
while True:
    readable = select.select(watched, [], [], 0.05)[0]
    if master in readable:
        out.write(os.read(master, 65536))
        out.flush()
    elif child.poll() is not None:
        break
    if 0 in readable:
        typed = os.read(0, 65536)
        if typed:
            for index, part in enumerate(typed.split(b"\0")):
                if index % 2 == 0:
                    os.write(master, part)
                else:
                    child.send_signal(signal.Signals[part.decode()])
        else:
            watched.remove(0)
flags = termios.tcgetattr(slave)[3]
code = child.returncode if child.returncode >= 0 else 128 - child.returncode
json.dump({"code": code, "echo": bool(flags & termios.ECHO), "lines": bool(flags & termios.ICANON)}, sys.stderr)
