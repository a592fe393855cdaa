// SPDX-License-Identifier: MIT
#include "securityserver/transport/batch_signer.hpp"

#include <vector>

#include "domain/fault_code.hpp"
#include "net/handoff.hpp"

namespace causeway::securityserver {
namespace {

// Bounds the work behind one signature; a queue longer than this is signed in turns.
constexpr std::size_t kMaxBatch = 512;

using Signed = Result<evidence::SignatureDocument>;

struct Waiting {
  evidence::MessageParts parts;
  std::shared_ptr<const SigningKey> key;
  net::Handoff<Signed> done;
};

Fault not_signed(const Fault& why) { return fault(FaultCode::cannot_create_signature, why.text); }

}  // namespace

struct BatchSigner::Queue {
  std::mutex mutex;
  std::vector<Waiting> waiting;
  bool busy = false;  // somebody signs and will look at `waiting` again

  // The next batch, all of one certificate; empty ends the turn.
  std::vector<Waiting> take(bool batching) {
    const std::lock_guard lock(mutex);
    std::vector<Waiting> batch;
    if (waiting.empty()) {
      busy = false;
      return batch;
    }
    const auto key = waiting.front().key;
    const std::size_t limit = batching && key->batch_signing ? kMaxBatch : 1;
    std::vector<Waiting> rest;
    for (auto& one : waiting) {
      (batch.size() < limit && one.key == key ? batch : rest).push_back(std::move(one));
    }
    waiting = std::move(rest);
    return batch;
  }
};

BatchSigner::BatchSigner(signer::SignerClient& signer, bool batching) : signer_(signer), batching_(batching) {}
BatchSigner::~BatchSigner() = default;

std::shared_ptr<BatchSigner::Queue> BatchSigner::queue_for(const std::string& key_id) {
  const std::lock_guard lock(mutex_);
  auto& queue = queues_[key_id];
  if (!queue) queue = std::make_shared<Queue>();
  return queue;
}

namespace {

net::Task<Result<std::vector<evidence::SignatureDocument>>> sign_batch(signer::SignerClient& signer,
                                                                       const std::vector<Waiting>& batch) {
  const SigningKey& key = *batch.front().key;
  std::vector<evidence::MessageParts> messages;
  messages.reserve(batch.size());
  for (const auto& one : batch) messages.push_back(one.parts);
  auto prepared = evidence::SignatureBatch::prepare(messages, key.document, now());
  if (!prepared) co_return prepared.error();
  std::vector<Bytes> digests{prepared->digest_to_sign()};
  auto signatures = co_await signer.sign(key.key_id, key.algorithm, std::move(digests));
  if (!signatures) co_return signatures.error();
  if (signatures->size() != 1)
    co_return fault(FaultCode::internal_error, "the signer gave another number of signatures");
  co_return prepared->complete(signatures->front());
}

}  // namespace

net::Task<Result<evidence::SignatureDocument>> BatchSigner::sign(evidence::MessageParts parts,
                                                                 std::shared_ptr<const SigningKey> key) {
  const auto queue = queue_for(key->key_id);
  net::Handoff<Signed> done;
  bool mine = false;  // this coroutine signs, for itself and all that gather meanwhile
  {
    const std::lock_guard lock(queue->mutex);
    queue->waiting.push_back({std::move(parts), std::move(key), done});
    mine = !std::exchange(queue->busy, true);
  }
  if (mine) {
    for (auto batch = queue->take(batching_); !batch.empty(); batch = queue->take(batching_)) {
      auto documents = co_await sign_batch(signer_, batch);
      if (documents) {
        messages_ += batch.size();
        ++signatures_;
      }
      for (std::size_t i = 0; i < batch.size(); ++i) {
        batch[i].done.complete(documents ? Signed(std::move((*documents)[i])) : Signed(not_signed(documents.error())));
      }
    }
  }
  auto result = co_await done.wait();
  if (!result) co_return fault(FaultCode::cannot_create_signature, "the signer did not answer");
  co_return *std::move(result);
}

}  // namespace causeway::securityserver
