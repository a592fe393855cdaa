// SPDX-License-Identifier: MIT
// Multipart from whoever connects: the parts are the same however the octets arrive. The
// first octet of the input is the size of the pieces.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "message/multipart.hpp"

namespace {

using namespace causeway;
using namespace causeway::message;

void require(bool holds) {
  if (!holds) std::abort();
}

class Notes : public MultipartHandler {
 public:
  Result<void> part_begin(const net::Headers& headers) override {
    require(!open);
    open = true;
    text += "<begin>";
    for (const auto& [name, value] : headers) text += name + "=" + value + "\n";
    return {};
  }
  Result<void> part_data(ByteView bytes) override {
    require(open && !bytes.empty());
    text += as_text(bytes);
    return {};
  }
  Result<void> part_end() override {
    require(open);
    open = false;
    text += "<end>";
    return {};
  }
  bool open = false;
  std::string text;
};

std::string parse(std::string_view input, std::size_t piece) {
  Notes notes;
  MultipartParser parser("B", notes);
  Result<void> result;
  for (; !input.empty() && result; input.remove_prefix(std::min(piece, input.size())))
    result = parser.feed(as_bytes(input.substr(0, piece)));
  if (result) result = parser.end();
  if (!result) return "refused";
  require(!notes.open);
  return notes.text + (parser.closed() ? "closed" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::string whole = parse(input, input.size() + 1);
  require(parse(input, std::size_t{bytes[0]} + 1) == whole);
  require(parse(input, 1) == whole);
  return 0;
}
