// SPDX-License-Identifier: MIT
// Hash chains that X-Road made, good and broken (evidence.md section 10).
#include <map>

#include "evidence/hash_chain.hpp"
#include "vectors.hpp"

namespace causeway::evidence {
namespace {

class HashChainVectors : public XroadVectors {
 protected:
  void file(const std::string& uri, const std::string& name) {
    files_[uri] = xroad_vector("common/common-message/src/test/resources/hc-verifier" + name);
  }

  std::string verify(const std::string& result, std::vector<HashChainInput> inputs) {
    const std::string text = xroad_vector("common/common-message/src/test/resources/hc-verifier" + result);
    const auto outcome = verify_hash_chain(
        text, inputs,
        {.find = [this](std::string_view uri) -> std::optional<std::string_view> {
           const auto found = files_.find(uri);
           if (found == files_.end()) return std::nullopt;
           return found->second;
         },
         .believe = [this](std::string_view uri, ByteView) { return believe_ && uri.starts_with("/attachment"); }});
    return outcome ? "" : outcome.error().code;
  }

  static DigestValue sha256(Bytes digest) { return {pki::DigestAlgorithm::sha256, std::move(digest)}; }

  std::map<std::string, std::string, std::less<>> files_;
  bool believe_ = false;
};

TEST_F(HashChainVectors, DetachedInput) {
  file("/hashchain.xml", "1-hashchain.xml");
  file("/message.xml", "1-message.xml");
  EXPECT_EQ(verify("1-hashchainresult.xml", {{"/message.xml", {}}}), "");
}

TEST_F(HashChainVectors, InputByDigest) {
  file("/hashchain.xml", "1-hashchain.xml");
  const auto input = sha256(pki::digest(pki::DigestAlgorithm::sha256, as_bytes("two")));
  EXPECT_EQ(verify("1-hashchainresult.xml", {{"/message.xml", input}}), "");
  EXPECT_EQ(verify("1-hashchainresult.xml", {{"/message.xml", input}, {"/unused1", {}}}), "hashchain_unused_inputs");
  EXPECT_EQ(verify("1-hashchainresult.xml", {{"/message.xml", sha256(Bytes(32, 1))}}), "invalid_hash_chain");
}

TEST_F(HashChainVectors, TwoFiles) {
  file("/hashchain.xml", "4-hashchain1.xml");
  file("/hashchain2.xml", "4-hashchain2.xml");
  file("/message.xml", "4-message.xml");
  EXPECT_EQ(verify("4-hashchainresult.xml", {{"/message.xml", {}}}), "");
}

TEST_F(HashChainVectors, Attachments) {
  file("/hashchain.xml", "2-hashchain.xml");
  const std::vector<HashChainInput> all{{"/message.xml", sha256({11})},
                                        {"/attachment1", sha256({12})},
                                        {"/attachment2", sha256({13})},
                                        {"/attachment3", sha256({14})}};
  EXPECT_EQ(verify("2-hashchainresult.xml", all), "");
  believe_ = true;
  EXPECT_EQ(verify("2-hashchainresult.xml", {all.front()}), "");
}

TEST_F(HashChainVectors, Transforms) {
  file("/hashchain.xml", "3-hashchain.xml");
  file("/message.xml", "3-message.xml");
  EXPECT_EQ(verify("3-hashchainresult.xml", {{"/message.xml", {}}}), "");
  file("/hashchain.xml", "3-hashchain-invalid.xml");
  EXPECT_EQ(verify("3-hashchainresult.xml", {{"/message.xml", {}}}), "invalid_hash_chain_ref");
}

TEST_F(HashChainVectors, SchemaError) {
  file("/hashchain.xml", "5-hashchain-invalid-schema.xml");
  file("/message.xml", "3-message.xml");
  EXPECT_EQ(verify("3-hashchainresult.xml", {{"/message.xml", {}}}), "malformed_hash_chain");
}

}  // namespace
}  // namespace causeway::evidence
