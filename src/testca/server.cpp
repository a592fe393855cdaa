// SPDX-License-Identifier: MIT
#include "testca/server.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "testca/services.hpp"

namespace causeway::testca {
namespace {

// bad_request when the body is too long, io_error when it does not arrive.
net::Task<Result<Bytes>> read_body(net::BodyReader& reader) {
  Bytes body;
  for (;;) {
    const auto part = co_await reader.read_some();
    if (!part) co_return part.error();
    if (body.size() + part->size() > kMaxServiceRequest)
      co_return fault(FaultCode::bad_request,
                      "a request is longer than " + std::to_string(kMaxServiceRequest) + " bytes");
    if (part->empty()) co_return body;
    body.insert(body.end(), part->begin(), part->end());
  }
}

net::Task<void> serve_call(TestCa& ca, net::ServerCall& call) {
  ServiceRequest request{.method = call.head().method, .target = call.head().target, .content_type = {}, .body = {}};
  if (const std::string* type = call.head().headers.find("Content-Type")) request.content_type = *type;
  auto body = co_await read_body(call.body());
  if (!body) {
    log::info("test CA: {}: {} {}: {}", call.peer_address(), request.method, request.target, body.error().text);
    net::ResponseHead refusal;
    refusal.status = 413;
    if (body.error().code == to_string(FaultCode::io_error) || !co_await call.respond(std::move(refusal), ByteView()))
      call.abort();
    co_return;
  }
  request.body = *std::move(body);
  const ServiceAnswer reply = answer(ca, request, now());
  if (reply.status >= 400)
    log::info("test CA: {}: {} {} was answered with {}", call.peer_address(), request.method, request.target,
              reply.status);
  net::ResponseHead head;
  head.status = reply.status;
  head.headers.add("Content-Type", reply.content_type);
  if (!reply.filename.empty()) {
    head.headers.add("Content-Disposition", "attachment; filename=\"" + reply.filename + "\"");
  }
  const auto sent = co_await call.respond(std::move(head), reply.body);
  if (!sent) log::debug("test CA: {} went away: {}", call.peer_address(), sent.error().text);
}

}  // namespace

Result<std::unique_ptr<net::HttpServer>> serve(net::IoThreads& threads, TestCa& ca, const std::string& address,
                                               std::uint16_t port) {
  net::ListenOptions options;
  options.address = address;
  options.port = port;
  return net::HttpServer::start(threads, std::move(options),
                                [&ca](net::ServerCall& call) { return serve_call(ca, call); });
}

TestCaUrls urls_of(const std::string& address, std::uint16_t port) {
  const std::string base = "http://" + address + ":" + std::to_string(port);
  return {.ca = base + "/ca", .ocsp = base + "/ocsp", .tsa = base + "/tsa"};
}

Result<void> run_test_ca(const RunOptions& options) {
  const bool is_new = !std::filesystem::exists(options.folder / "root.key");
  auto ca = is_new ? TestCa::create(options.folder, options.init, now()) : TestCa::open(options.folder);
  if (!ca) return ca.error();
  net::IoThreads threads(1);
  const auto server = serve(threads, **ca, options.address, options.port);
  if (!server) return server.error();
  const TestCaUrls urls = urls_of(options.address, (*server)->port());
  (*ca)->set_ocsp_url(urls.ocsp);
  fmt::print("ca   {}\nocsp {}\ntsa  {}\n", urls.ca, urls.ocsp, urls.tsa);
  std::fflush(stdout);
  threads.run_until_signal();
  return {};
}

}  // namespace causeway::testca
