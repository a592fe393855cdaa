// SPDX-License-Identifier: MIT
#include "ecosystem/registers/exchange.hpp"

#include "domain/fault_code.hpp"
#include "message/soap.hpp"

namespace causeway::ecosystem {

net::Task<Result<Bytes>> read_body(net::ServerCall& call, std::size_t limit) {
  Bytes body;
  for (;;) {
    const auto some = co_await call.body().read_some();
    if (!some) co_return some.error();
    if (some->empty()) co_return body;
    if (body.size() + some->size() > limit) co_return fault(FaultCode::bad_request, "the body is too long");
    body.insert(body.end(), some->begin(), some->end());
  }
}

net::Task<void> answer_text(net::ServerCall& call, int status, std::string content_type, std::string body) {
  net::ResponseHead head{.status = status, .reason = {}, .headers = {}};
  head.headers.add("Content-Type", std::move(content_type));
  (void)(co_await call.respond(std::move(head), as_bytes(body))).ok();
}

net::Task<void> answer_soap_fault(net::ServerCall& call, Fault fault) {
  co_await answer_text(call, 500, "text/xml; charset=UTF-8", message::soap_fault_xml(fault));
}

std::string content_type_of(const net::RequestHead& head) {
  const std::string* type = head.headers.find("content-type");
  return type ? *type : std::string();
}

}  // namespace causeway::ecosystem
