// SPDX-License-Identifier: MIT
// Hash chain results and hash chains, one after the other with a zero octet between them.
#include <algorithm>

#include "evidence/hash_chain.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway;
  const std::string_view text = as_text({data, size});
  const std::size_t end = std::min(text.find('\0'), text.size());
  const std::string_view result = text.substr(0, end);
  const std::string_view chain = text.substr(std::min(end + 1, text.size()));
  const std::vector<evidence::HashChainInput> inputs{
      {"/message.xml", {}}, {"/attachment1", evidence::DigestValue{pki::DigestAlgorithm::sha512, Bytes(64, 1)}}};
  (void)evidence::verify_hash_chain(result, inputs,
                                    {.find = [&](std::string_view uri) -> std::optional<std::string_view> {
                                      return uri == "/message.xml" ? std::string_view("<message/>") : chain;
                                    }});
  return 0;
}
