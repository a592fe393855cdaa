// SPDX-License-Identifier: MIT
#include "securityserver/consumer/evidence_download.hpp"

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/verification_configuration.hpp"
#include "net/handoff.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

int status_of(const Fault& fault) {
  if (fault.code == to_string(FaultCode::bad_request)) return 400;
  if (fault.code == to_string(FaultCode::unknown_member) ||
      fault.code == to_string(FaultCode::ssl_authentication_failed))
    return 401;
  if (fault.code == to_string(FaultCode::not_found)) return 404;
  return 500;
}

net::Task<void> refuse(net::ServerCall& call, int status, std::string_view reason) {
  log::info("{}: {} was refused with {}: {}", call.peer_address(), call.head().target, status, reason);
  net::ResponseHead head;
  head.status = status;
  head.headers.add("Content-Type", "text/plain; charset=UTF-8");
  (void)co_await call.respond(std::move(head), as_bytes(reason));
}

net::Task<void> send(net::ServerCall& call, const EvidenceFile& file, const std::string& disposition) {
  net::ResponseHead head;
  head.headers.add("Content-Type", file.content_type);
  head.headers.add("Content-Disposition", disposition);
  head.headers.add("Content-Length", std::to_string(file.content.size()));
  auto writer = co_await call.respond(std::move(head));
  if (!writer) co_return;
  Bytes piece(kPiece);
  for (std::uint64_t offset = 0; offset < file.content.size();) {
    const auto read = file.content.read_at(offset, piece);
    if (!read || *read == 0) {
      log::error("{}: {} broke off: {}", call.peer_address(), call.head().target,
                 read ? "the file is too short" : read.error().text);
      co_return;
    }
    offset += *read;
    if (auto written = co_await (*writer)->write(ByteView(piece).first(*read)); !written) {
      log::info("{}: {} was not taken: {}", call.peer_address(), call.head().target, written.error().text);
      co_return;
    }
  }
  if (co_await (*writer)->finish())
    log::info("{}: {} was answered with {}", call.peer_address(), call.head().target, file.name);
}

}  // namespace

// `work` gives a Result.
template <class Work>
net::Task<std::invoke_result_t<Work>> EvidenceDownload::on_disk(Work work) {
  using Outcome = std::invoke_result_t<Work>;
  const net::Handoff<Outcome> done;
  disk_.push([done, work = std::move(work)] { done.complete(work()); });
  auto outcome = co_await done.wait();
  co_return outcome ? *std::move(outcome) : Outcome(fault(FaultCode::io_error, "the server is stopping"));
}

net::Task<void> EvidenceDownload::serve(net::ServerCall& call) {
  struct Running {
    explicit Running(std::atomic<int>& count) : count_(count), number(++count) {}
    ~Running() { --count_; }
    std::atomic<int>& count_;
    const int number;
  };
  const Running running(running_);
  if (running.number > kMaxDownloads) {
    co_await refuse(call, 503, "too many ask for evidence now; ask again later");
    co_return;
  }
  const bool asic = call.head().path() == kAsic;
  auto file = asic ? co_await containers(call) : co_await on_disk([this] { return verification_configuration(); });
  if (!file)
    co_await refuse(call, status_of(file.error()), file.error().text);
  else
    co_await send(call, *file, (asic ? "attachment; filename=\"" : "filename=\"") + file->name + "\"");
}

// In X-Road's order, which shows in what is refused first.
net::Task<Result<EvidenceFile>> EvidenceDownload::containers(const net::ServerCall& call) {
  const auto parameters = message::QueryParameters::parse(call.head().query().value_or(""));
  if (!parameters) co_return parameters.error();
  auto owner = evidence_owner(*parameters);
  if (!owner) co_return owner.error();
  if (auto allowed = authenticate(*owner, call); !allowed) co_return allowed.error();
  const auto request = EvidenceRequest::read(*std::move(owner), *parameters);
  if (!request) co_return request.error();
  const auto records = co_await find_stamped(*request);
  if (!records) co_return records.error();
  if (auto good = request->check_unique(); !good) co_return good.error();
  auto file =
      co_await on_disk([this, request = *request, records = *records] { return logged_.write(request, records); });
  co_return file;
}

// Unlike for messages, proxy.verify-client-cert does not open this to everybody.
Result<void> EvidenceDownload::authenticate(const ClientId& owner, const net::ServerCall& call) const {
  const auto configuration = configuration_.current();
  const Client* client = configuration->find_client(owner);
  if (client == nullptr)
    return fault(FaultCode::unknown_member, owner.to_string() + " is not a client of this security server");
  return authentication_.require(*client, call);
}

net::Task<Result<std::vector<FoundRecord>>> EvidenceDownload::find_stamped(const EvidenceRequest& request) {
  auto records = co_await on_disk([this, request] { return logged_.find(request); });
  if (!records) co_return records.error();
  const auto unstamped = co_await on_disk([this, records = *records] { return logged_.unstamped(records); });
  if (!unstamped) co_return unstamped.error();
  for (const std::uint64_t record : *unstamped) {
    if (!request.force)
      co_return fault(FaultCode::timestamping_failed,
                      "Message signature has not been timestamped yet! Ask again later, or with the parameter force");
    if (auto stamped = co_await stamp(record); !stamped)
      co_return fault(FaultCode::timestamping_failed, "cannot be time-stamped now: " + stamped.error().text);
  }
  co_return records;
}

net::Task<Result<void>> EvidenceDownload::stamp(std::uint64_t record) {
  auto signature = co_await on_disk([this, record] { return logged_.signature_of(record); });
  if (!signature) co_return signature.error();
  auto stamped = co_await stamper_.stamp(record, *std::move(signature));
  co_return stamped;
}

Result<EvidenceFile> EvidenceDownload::verification_configuration() const {
  EvidenceFile file{.content_type = "application/zip", .name = "verificationconf.zip", .content = Spool()};
  const auto written = globalconf::write_verification_configuration(
      global_configuration_, now(), [&file](ByteView octets) { return file.content.append(octets); });
  if (!written) return written.error();
  return file;
}

}  // namespace causeway::securityserver
