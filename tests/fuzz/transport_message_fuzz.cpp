// SPDX-License-Identifier: MIT
// Transport messages of other servers: what is made of one does not depend on how its
// octets arrive, nor on whether its head is asked for before the rest; and what is held in
// memory is not more than came. The first octet is the size of the pieces.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>

#include "oracle.hpp"
#include "securityserver/transport/incoming_message.hpp"

namespace {

using namespace causeway;
using namespace causeway::securityserver;
using fuzz::require;

// The result of work that waits for nothing outside.
template <class T>
T run(net::Task<T> work) {
  boost::asio::io_context loop(1);
  std::optional<T> result;
  boost::asio::co_spawn(loop, std::move(work), [&result](std::exception_ptr failed, T value) {
    if (!failed) result.emplace(std::move(value));
  });
  loop.run();
  require(result.has_value());
  return *std::move(result);
}

class Pieces final : public net::BodyReader {
 public:
  Pieces(ByteView rest, std::size_t piece) : rest_(rest), piece_(piece) {}
  net::Task<Result<ByteView>> read_some() override {
    const ByteView next = rest_.first(std::min(piece_, rest_.size()));
    rest_ = rest_.subspan(next.size());
    co_return next;
  }

 private:
  ByteView rest_;
  std::size_t piece_;
};

void describe(std::string& into, std::string_view what, std::string_view value) {
  into.append(what).append("=").append(std::to_string(value.size())).append(":").append(value).append("\n");
}

std::string describe(const IncomingMessage& message, std::size_t sent) {
  std::string text;
  std::size_t held = message.head.size() + message.signature.signature.size() +
                     message.signature.hash_chain_result.size() + message.signature.hash_chain.size();
  for (const Bytes& response : message.ocsp_responses) {
    describe(text, "ocsp", as_text(response));
    held += response.size();
  }
  describe(text, "kind", std::to_string(static_cast<int>(message.kind)));
  describe(text, "type", message.head_content_type);
  describe(text, "head", as_text(message.head));
  for (const auto& part : message.parts()) {
    describe(text, part.name, as_text(part.digest));
  }
  for (const Attachment& attachment : message.attachments)
    for (const auto& [name, value] : attachment.headers) describe(text, name, value);
  describe(text, "signature", message.signature.signature);
  describe(text, "result", message.signature.hash_chain_result);
  describe(text, "chain", message.signature.hash_chain);
  if (message.fault) describe(text, "fault", message.fault->code + " " + message.fault->text);
  require(held <= sent);
  return text;
}

std::string read(ByteView input, std::size_t piece, bool head_first) {
  Pieces pieces(input, piece);
  auto reader = IncomingReader::make(pieces, "multipart/mixed; boundary=B",
                                     {.ocsp_response = 2000, .ocsp_responses = 3, .soap = 4000, .attachments = 4});
  require(reader.ok());
  if (head_first) {
    if (auto head = run((*reader)->read_head()); !head) return "refused " + head.error().code;
  }
  if (auto rest = run((*reader)->read_rest()); !rest) return "refused " + rest.error().code;
  return describe((*reader)->message(), input.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input(bytes + 1, size - 1);
  const std::string whole = read(input, input.size() + 1, false);
  require(read(input, std::size_t{bytes[0]} + 1, true) == whole);
  require(read(input, 1, true) == whole);
  return 0;
}
