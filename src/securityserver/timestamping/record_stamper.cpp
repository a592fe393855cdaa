// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/record_stamper.hpp"

#include "domain/fault_code.hpp"
#include "net/handoff.hpp"
#include "securityserver/timestamping/timestamper.hpp"

namespace causeway::securityserver {

Result<TimestampStore*> RecordStamper::store() {
  if (!store_) {
    auto opened = TimestampStore::open(log_directory_, false);
    if (!opened) return opened.error();
    store_ = *std::move(opened);
  }
  return &*store_;
}

// `work` gets the store and gives a Result<T>.
template <class T, class Work>
net::Task<Result<T>> RecordStamper::on_disk(Work work) {
  const net::Handoff<Result<T>> done;
  disk_.push([this, done, work = std::move(work)] {
    auto opened = store();
    done.complete(opened ? work(**opened) : Result<T>(opened.error()));
  });
  auto result = co_await done.wait();
  co_return result ? *std::move(result) : Result<T>(fault(FaultCode::timestamping_failed, "time-stamping was closed"));
}

net::Task<Result<void>> RecordStamper::stamp(std::uint64_t record, std::string signature) {
  auto known = co_await on_disk<bool>([record](const TimestampStore& store) -> Result<bool> {
    auto found = store.find(record);
    if (!found) return found.error();
    return found->has_value();
  });
  if (!known) co_return known.error();
  if (*known) co_return Result<void>();

  const auto algorithm = client_.settings().algorithm;
  StampRequest request = single_stamp_request(signature, algorithm);
  auto granted = co_await client_.stamp(request.digest, view_.current(), configuration_.current()->timestamping_urls);
  if (!granted) co_return granted.error();
  const Timestamp timestamp{.time = granted->time,
                            .first = record,
                            .last = record,
                            .algorithm = algorithm,
                            .leaves = pki::digest(algorithm, as_bytes(signature)),
                            .token = std::move(granted->token),
                            .hash_chain_result = std::move(request.hash_chain_result),
                            .service = std::move(granted->service)};
  auto kept = co_await on_disk<bool>([timestamp](TimestampStore& store) -> Result<bool> {
    if (auto added = store.add_out_of_turn(timestamp); !added) return added.error();
    return true;
  });
  co_return kept ? Result<void>() : kept.error();
}

}  // namespace causeway::securityserver
