"""What examples/signup.dot keeps of a password, by its description: ten rounds of FNV-1a over `password:name`."""
import sys


def digest(password: str, name: str) -> int:
    state = 2166136261
    for _ in range(10):
        for byte in f"{password}:{name}".encode():
            state = (state ^ byte) * 16777619 % 2**32
    return state


if __name__ == "__main__":
    print(digest(sys.argv[1], sys.argv[2]))
