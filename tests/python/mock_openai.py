"""A server on loopback that speaks like OpenAI, as far as the tests need: for tests/python and tests/cli."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CANARY = "sk-canary-9f8e7d6c5b4a39281706f5e4d3c2b1a0"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def send(self, status, document, headers=()):
        body = json.dumps(document).encode()
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        mock = self.server.mock
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with mock.lock:
            mock.requests.append(request)
            mock.keys.append(self.headers.get("Authorization", ""))
            failure = mock.failures.pop(0) if mock.failures else None
        mock.arrived.set()
        if failure:
            status, headers = failure
            return self.send(status, {"error": {"message": f"no: {self.headers.get('Authorization')}", "type": "mock"}}, headers)
        if self.path.endswith("/embeddings"):
            vectors = [{"index": i, "embedding": [float(len(text)), 1.0]} for i, text in enumerate(request["input"])]
            return self.send(200, {"model": request["model"], "data": vectors, "usage": {"prompt_tokens": 3}})
        if mock.hold:
            mock.released.wait(30)
        if request.get("stream"):
            return self.stream(mock, request)
        self.send(200, {"id": "chat-1", "model": request["model"], "usage": mock.usage, "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": mock.answer(request)}}]})

    def stream(self, mock, request):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        pieces = mock.answer(request).split(" ")
        chunks = [{"choices": [{"index": 0, "delta": {"content": piece if i == 0 else " " + piece}}]}
                  for i, piece in enumerate(pieces)]
        chunks += [{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}, {"choices": [], "usage": mock.usage}]
        with contextlib.suppress(OSError):
            for i, chunk in enumerate(chunks):
                if mock.hold_after == i:
                    mock.released.wait(30)
                self.wfile.write(f"data: {json.dumps({'model': request['model'], **chunk})}\n\n".encode())
                self.wfile.flush()
            self.wfile.write(b"data: [DONE]\n\n")


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client):
        pass  # callers that were stopped are gone


class MockOpenAI:
    """`url` is the base URL. `failures`: (status, headers) of the next requests; `hold` lets answers wait for
    `released`, `hold_after` streams after so many pieces."""

    def __init__(self):
        self.lock, self.arrived, self.released = threading.Lock(), threading.Event(), threading.Event()
        self.requests, self.keys, self.failures = [], [], []
        self.hold, self.hold_after = False, None
        self.usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        self.answer = lambda request: "yes, of course"

    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.mock = self
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *raised):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
