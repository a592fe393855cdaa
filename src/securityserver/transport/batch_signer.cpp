// SPDX-License-Identifier: MIT
#include "securityserver/transport/batch_signer.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/processor_times.hpp"
#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"
#include "net/handoff.hpp"

namespace causeway::securityserver {
namespace {

using namespace std::chrono_literals;

// Bounds the work behind one signature; a queue longer than this is signed in turns.
constexpr std::size_t kMaxBatch = 512;
// When messages come in crowds and processors are short, a signature for each few of them would
// take the processor from the messages themselves. So then behind a batch of `kCrowd` the next one
// gathers, twice as long as the signature took: signing takes a third of the time. A message that
// comes alone never waits.
constexpr std::size_t kCrowd = 2;
constexpr int kGatheringOfSigning = 2;

using Signed = Result<evidence::SignatureDocument>;

// The turn to sign: for oneself and all that have gathered.
struct Turn {};
using Answer = std::variant<Signed, Turn>;

struct Waiting {
  evidence::MessageParts parts;
  std::shared_ptr<const SigningKey> key;
  net::Handoff<Answer> answer;
};

Fault not_signed(const Fault& why) { return fault(FaultCode::cannot_create_signature, why.text); }

}  // namespace

// While one signature is made, messages gather here for the next. Each who signs has his own
// message in the batch and hands on the turn behind it, so nobody works for others only.
struct BatchSigner::Queue {
  std::mutex mutex;
  std::vector<Waiting> waiting;
  bool busy = false;                       // somebody has the turn
  std::chrono::milliseconds gathering{0};  // of whoever has the turn, before the next batch is taken

  // True: it is the caller's turn.
  bool enter(Waiting message) {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(message));
    return !std::exchange(busy, true);
  }

  // All that wait for the certificate of the first, who has the turn.
  std::vector<Waiting> take() {
    const std::lock_guard lock(mutex);
    std::vector<Waiting> batch, rest;
    const auto key = waiting.front().key;
    for (auto& one : waiting) (batch.size() < kMaxBatch && one.key == key ? batch : rest).push_back(std::move(one));
    waiting = std::move(rest);
    return batch;
  }

  void hand_on() {
    std::optional<net::Handoff<Answer>> next;
    {
      const std::lock_guard lock(mutex);
      busy = !waiting.empty();
      if (busy) next = waiting.front().answer;
    }
    if (next) next->complete(Turn{});
  }
};

BatchSigner::BatchSigner(signer::SignerClient& signer, bool batching, Gathering gathering)
    : signer_(signer), batching_(batching), gathering_(gathering) {}
BatchSigner::~BatchSigner() = default;

bool processors_are_short() {
  thread_local ProcessorDemand demand;
  return demand.is_high();
}

std::shared_ptr<BatchSigner::Queue> BatchSigner::queue_for(const std::string& key_id) {
  const std::lock_guard lock(mutex_);
  auto& queue = queues_[key_id];
  if (!queue) queue = std::make_shared<Queue>();
  return queue;
}

// One signature over all `messages`.
net::Task<Result<std::vector<evidence::SignatureDocument>>> BatchSigner::sign_together(
    std::vector<evidence::MessageParts> messages, std::shared_ptr<const SigningKey> key) {
  auto prepared = evidence::SignatureBatch::prepare(messages, key->document, now());
  if (!prepared) co_return not_signed(prepared.error());
  std::vector<Bytes> digests{prepared->digest_to_sign()};
  auto signatures = co_await signer_.sign(key->key_id, key->algorithm, std::move(digests));
  if (!signatures) co_return not_signed(signatures.error());
  if (signatures->size() != 1)
    co_return fault(FaultCode::cannot_create_signature, "the signer gave another number of signatures");
  auto documents = prepared->complete(signatures->front());
  if (!documents) co_return not_signed(documents.error());
  messages_ += messages.size();
  ++signatures_;
  co_return documents;
}

net::Task<Signed> BatchSigner::sign_alone(evidence::MessageParts parts, std::shared_ptr<const SigningKey> key) {
  std::vector<evidence::MessageParts> one;
  one.push_back(std::move(parts));
  auto documents = co_await sign_together(std::move(one), std::move(key));
  if (!documents) co_return documents.error();
  co_return std::move(documents->front());
}

net::Task<Signed> BatchSigner::sign_batch(Queue& queue) {
  if (queue.gathering.count() > 0 && gathering_.wanted()) co_await net::sleep_for(queue.gathering);
  auto batch = queue.take();
  const auto begun = std::chrono::steady_clock::now();
  std::vector<evidence::MessageParts> messages;
  messages.reserve(batch.size());
  for (auto& one : batch) messages.push_back(std::move(one.parts));
  auto documents = co_await sign_together(std::move(messages), batch.front().key);
  const auto took = std::chrono::round<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  queue.gathering = batch.size() < kCrowd ? 0ms : std::min(gathering_.longest, kGatheringOfSigning * took);
  queue.hand_on();
  for (std::size_t i = 1; i < batch.size(); ++i)
    batch[i].answer.complete(documents ? Signed(std::move((*documents)[i])) : Signed(documents.error()));
  if (!documents) co_return documents.error();
  co_return std::move(documents->front());
}

net::Task<Signed> BatchSigner::sign(evidence::MessageParts parts, std::shared_ptr<const SigningKey> key) {
  if (!batching_ || !key->batch_signing) co_return co_await sign_alone(std::move(parts), std::move(key));
  const auto queue = queue_for(key->key_id);
  const net::Handoff<Answer> waits;
  if (!queue->enter({std::move(parts), std::move(key), waits})) {
    auto answer = co_await waits.wait();
    if (!answer) co_return fault(FaultCode::cannot_create_signature, "the signer did not answer");
    if (auto* document = std::get_if<Signed>(&*answer)) co_return std::move(*document);
  }
  co_return co_await sign_batch(*queue);
}

}  // namespace causeway::securityserver
