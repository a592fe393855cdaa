// SPDX-License-Identifier: MIT
// SOAP with attachments from information systems and services: the same however it
// arrives. The first octet is the size of the pieces; its highest bit says that the SOAP
// stands alone.
#include <algorithm>
#include <string>

#include "message/soap_stream.hpp"
#include "oracle.hpp"

namespace {

using namespace causeway;
using namespace causeway::message;
using fuzz::require;

class Notes : public SoapStreamHandler {
 public:
  Result<void> soap(Soap soap, const net::Headers& headers) override {
    require(!seen && headers.find("content-type") != nullptr);
    seen = true;
    const auto* message = std::get_if<SoapMessage>(&soap);
    text += message ? "<message " + to_text(message->bytes) + ">"
                    : "<fault " + to_text(std::get<SoapFault>(soap).bytes) + ">";
    return {};
  }
  Result<void> attachment_begin(const net::Headers& headers) override {
    require(seen && !open);
    open = true;
    text += "<begin>";
    for (const auto& [name, value] : headers) text += name + "=" + value + "\n";
    return {};
  }
  Result<void> attachment_data(ByteView bytes) override {
    require(open);
    text += as_text(bytes);
    return {};
  }
  Result<void> attachment_end() override {
    require(open);
    open = false;
    text += "<end>";
    return {};
  }
  bool seen = false, open = false;
  std::string text;
};

std::string read(std::string_view input, std::size_t piece, bool alone) {
  Notes notes;
  auto reader = SoapStreamReader::make(alone ? "text/xml" : "multipart/related; boundary=B", notes, 4000);
  require(reader.ok());
  Result<void> result;
  for (; !input.empty() && result; input.remove_prefix(std::min(piece, input.size())))
    result = reader->feed(as_bytes(input.substr(0, piece)));
  if (result) result = reader->end();
  if (!result) return "refused " + result.error().code;
  require(!notes.open && reader->has_soap() == notes.seen);
  return notes.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const bool alone = (bytes[0] & 0x80) != 0;
  const std::string_view input = fuzz::text_of(bytes + 1, size - 1);
  const std::string whole = read(input, input.size() + 1, alone);
  require(read(input, std::size_t{bytes[0]} % 128 + 1, alone) == whole);
  require(read(input, 1, alone) == whole);
  return 0;
}
