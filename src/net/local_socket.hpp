// SPDX-License-Identifier: MIT
// Streams between processes of one machine, over Unix-domain sockets.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/stream.hpp"

namespace boost::asio {
class io_context;
}

namespace causeway::net {

// A connection to the server that listens at `path`, on the calling coroutine's thread.
// network_error when nobody does.
Task<Result<std::unique_ptr<Stream>>> connect_local(std::string path);

// Of the process at the other end, as the kernel tells it.
struct LocalPeer {
  int process = 0;
  unsigned user = ~0U;  // nobody, when the kernel does not tell
  unsigned group = ~0U;
};

class LocalServer {
 public:
  // One coroutine a connection, on the thread of the server. The connection ends with it.
  using Handler = std::function<Task<void>(Stream& stream, LocalPeer peer)>;

  // Listens at `path`, which only users allowed by `mode` may connect to. A socket that
  // a dead process left behind is replaced; io_error when one that lives is there.
  static Result<std::unique_ptr<LocalServer>> start(boost::asio::io_context& context, std::string path, unsigned mode,
                                                    Handler handler);
  // Removes the path, stops accepting and cuts the connections. Not from the server's
  // own thread: waits until no handler runs.
  virtual ~LocalServer() = default;
};

}  // namespace causeway::net
