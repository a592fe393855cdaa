// SPDX-License-Identifier: MIT
// Verifies signatures of many messages, and remembers what it need not do again: a
// batch's signature, how a signer's documents look, and the verdict on a certificate with
// its OCSP responses.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "evidence/message_parts.hpp"
#include "evidence/signature.hpp"

namespace causeway::evidence {

struct VerifyOptions {
  // Java's schema step. Off for containers: theirs may carry timestamps that XAdES has not.
  bool check_structure = true;
  // The bytes of "/message.xml". Needed only when its digest in `parts` is empty, or
  // when what is signed is a digest of another algorithm or a transformed message.
  std::string_view message = {};
  // Containers: attachments need not be covered, and the hash chain is believed about
  // them. Every such part is reported with its digest.
  bool only_message = false;
  std::function<void(std::string_view uri, ByteView digest)> chained_attachment = {};
};

struct VerifierLimits {
  std::size_t documents = 256;  // each some 10 kB
  std::size_t signers = 256;    // each some 15 kB a pattern, two as a rule
  std::size_t verdicts = 4096;
};

// Safe to share between threads.
class SignatureVerifier {
 public:
  explicit SignatureVerifier(const VerifierLimits& limits = {});
  ~SignatureVerifier();

  // As verify_signature. Verdicts hold for one trust snapshot: with another one they
  // are forgotten.
  Result<VerifiedSignature> verify(const SignatureDocument& document, const MessageParts& parts, const ClientId& sender,
                                   const std::shared_ptr<const pki::Trust>& trust, TimePoint at,
                                   const VerifyOptions& options = {});

  // Recalled: not read, because the document is like one that was (SignaturePattern).
  struct Statistics {
    std::uint64_t documents_read = 0, documents_recalled = 0, documents_remembered = 0;
    std::uint64_t verdicts_made = 0, verdicts_remembered = 0;
  };
  Statistics statistics() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The same without memory, for a single document.
Result<VerifiedSignature> verify_signature(const SignatureDocument& document, const MessageParts& parts,
                                           const ClientId& sender, const pki::Trust& trust, TimePoint at,
                                           const VerifyOptions& options);

}  // namespace causeway::evidence
