// SPDX-License-Identifier: MIT
// Signs messages, as many as wait with one signature (evidence.md 2.6): a lone message is
// never delayed, while the signer is busy the next batch gathers, and behind a batch a moment
// longer where processors are short.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "evidence/signature.hpp"
#include "net/task.hpp"
#include "securityserver/transport/key_ring.hpp"
#include "signer/client.hpp"

namespace causeway::securityserver {

// Since the proxy started.
struct SigningCounts {
  std::uint64_t messages = 0;
  std::uint64_t signatures = 0;  // that signed them
  bool operator==(const SigningCounts&) const = default;
};

// For the calling thread (ProcessorDemand).
bool processors_are_short();

// How the next batch gathers behind one of several messages.
struct Gathering {
  std::chrono::milliseconds longest{5};
  bool (*wanted)() = processors_are_short;  // otherwise it is signed at once
};

class BatchSigner {
 public:
  BatchSigner(signer::SignerClient& signer, bool batching, Gathering gathering = {});
  ~BatchSigner();

  // cannot_create_signature when the signer refuses or is away too long.
  net::Task<Result<evidence::SignatureDocument>> sign(evidence::MessageParts parts,
                                                      std::shared_ptr<const SigningKey> key);
  // From any thread.
  SigningCounts counts() const { return {messages_, signatures_}; }

 private:
  struct Queue;
  std::shared_ptr<Queue> queue_for(const std::string& key_id);
  net::Task<Result<std::vector<evidence::SignatureDocument>>> sign_together(
      std::vector<evidence::MessageParts> messages, std::shared_ptr<const SigningKey> key);
  net::Task<Result<evidence::SignatureDocument>> sign_alone(evidence::MessageParts parts,
                                                            std::shared_ptr<const SigningKey> key);
  net::Task<Result<evidence::SignatureDocument>> sign_batch(Queue& queue);

  signer::SignerClient& signer_;
  const bool batching_;
  const Gathering gathering_;
  std::atomic<std::uint64_t> messages_ = 0, signatures_ = 0;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Queue>> queues_;  // by key id
};

}  // namespace causeway::securityserver
