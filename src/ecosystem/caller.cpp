// SPDX-License-Identifier: MIT
#include "ecosystem/caller.hpp"

#include <fstream>

#include "ecosystem/registers/objects.hpp"
#include "net/coroutines.hpp"
#include "net/http_client.hpp"
#include "pki/digest.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::size_t kKept = std::size_t{1} << 20;
constexpr std::size_t kPiece = 64 * 1024;

net::Task<Result<void>> send_body(net::BodyWriter& out, const Call& call) {
  if (!call.object) co_return co_await out.finish_with(as_bytes(call.body));
  ObjectSource source(*call.object);
  Bytes buffer(kPiece);
  while (const std::size_t count = source.fill(buffer)) {
    if (auto written = co_await out.write(ByteView(buffer).first(count)); !written) co_return written;
  }
  co_return co_await out.finish();
}

net::Task<Result<Reply>> receive(net::ClientCall& from, const std::filesystem::path& file) {
  auto head = co_await from.response();
  if (!head) co_return head.error();
  Reply reply{.status = head->status, .headers = std::move(head->headers), .body = {}, .sha256 = {}};
  pki::Hasher hasher(pki::DigestAlgorithm::sha256);
  std::ofstream copy;
  if (!file.empty()) copy.open(file, std::ios::binary | std::ios::trunc);
  for (;;) {
    const auto some = co_await from.body().read_some();
    if (!some) co_return some.error();
    if (some->empty()) break;
    reply.size += some->size();
    hasher.update(*some);
    if (copy.is_open()) copy.write(as_text(*some).data(), static_cast<std::streamsize>(some->size()));
    reply.body += as_text(some->first(std::min(some->size(), kKept - reply.body.size())));
  }
  if (copy.close(); !file.empty() && !copy) co_return Fault{"io_error", "cannot write " + file.string()};
  reply.sha256 = to_hex(hasher.finish());
  co_return reply;
}

net::Task<Result<Reply>> exchange(net::IoThreads& threads, const Call& call, const net::Url& url) {
  const auto client = net::HttpClient::make(threads.current());
  const net::ClientTimeouts timeouts;
  auto opened = co_await client->open(url.endpoint, url.tls ? call.tls : nullptr, timeouts, false);
  if (!opened) co_return opened.error();
  net::RequestHead head{.method = call.method, .target = url.target, .headers = call.headers};
  const bool has_body = call.object || !call.body.empty() || call.method == "POST";
  if (has_body) {
    head.headers.add("Content-Length", std::to_string(call.object ? *call.object : call.body.size()));
  }
  const auto out = co_await (*opened)->request(std::move(head));
  if (!out) co_return out.error();
  const auto sent = co_await send_body(**out, call);
  auto reply = co_await receive(**opened, call.file);
  // A server may refuse without reading everything: its answer says more.
  if (!sent && !reply) co_return sent.error();
  co_return reply;
}

}  // namespace

std::string Reply::header(std::string_view name) const {
  const std::string* value = headers.find(name);
  return value ? *value : std::string();
}

Result<Reply> Caller::call(const Call& call) {
  const auto url = net::Url::parse(call.url);
  if (!url) return url.error();
  return net::block_on(threads_.at(0), net::with_deadline<Reply>(call.limit, call.method + " " + call.url,
                                                                 exchange(threads_, call, *url)));
}

}  // namespace causeway::ecosystem
