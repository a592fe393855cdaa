// SPDX-License-Identifier: MIT
// Hash chains (evidence.md 2): one digest stands for many messages, and each message
// carries the way from its own parts to that digest.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "evidence/digest_list.hpp"
#include "evidence/digest_tree.hpp"
#include "evidence/message_parts.hpp"
#include "evidence/names.hpp"

namespace causeway::evidence {

struct HashChains {
  Bytes top;                        // digest at the top of the tree
  std::string result;               // HashChainResult document; its bytes are what is signed
  std::vector<std::string> chains;  // HashChain documents, one per message, in order
};

// A tree over all messages. A message of one part enters as that part's digest, one of
// several parts as the step over them. `chain_file` is what the result calls the chain.
// Neither `messages` nor any of them may be empty.
HashChains build_hash_chains(std::span<const MessageParts> messages, std::string_view chain_file = kSigHashChainFile,
                             pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512);

// A tree over many documents of one name, each a leaf by its digest. Keeps the digests
// only, and makes the chain of a document when it is asked for.
class HashTree {
 public:
  // `leaves` are by `algorithm` and not empty.
  HashTree(std::span<const Bytes> leaves, std::string_view document, std::string_view chain_file,
           pki::DigestAlgorithm algorithm);

  const std::string& result() const { return result_; }  // HashChainResult document
  std::string chain(std::size_t leaf) const;             // HashChain document

 private:
  pki::DigestAlgorithm algorithm_;
  std::string document_;
  DigestTree tree_;
  std::string result_;
};

// What has to be reached by a chain. Without a digest, or with one of another algorithm
// than the chain's, the data itself is fetched and hashed.
struct HashChainInput {
  std::string uri;
  std::optional<DigestValue> digest;
};

// How the verifier follows references.
struct HashChainSources {
  // The file of that name; nullopt when there is none. Valid while verifying.
  std::function<std::optional<std::string_view>(std::string_view uri)> find;
  // Optional. True: the data is not looked at and the digest in the chain stands; for
  // attachments that a container does not hold.
  std::function<bool(std::string_view uri, ByteView digest)> believe = {};
};

// That following the chain from `result` (the HashChainResult document) gives its digest,
// and reaches every input (evidence.md 2.4): invalid_hash_chain, hashchain_unused_inputs,
// invalid_hash_chain_ref, invalid_reference, malformed_hash_chain. Cycles, more than 100
// steps in a row and oversized documents are malformed_hash_chain.
Result<void> verify_hash_chain(std::string_view result, std::span<const HashChainInput> inputs,
                               const HashChainSources& sources);

}  // namespace causeway::evidence
