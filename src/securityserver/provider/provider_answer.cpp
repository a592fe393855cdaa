// SPDX-License-Identifier: MIT
#include "securityserver/provider/provider_answer.hpp"

#include "message/headers.hpp"

namespace causeway::securityserver {

net::Task<Result<void>> ProviderAnswer::begin(std::string original_content_type) {
  net::ResponseHead head;
  head.headers.add("Content-Type", message_.content_type());
  head.headers.add(std::string(message::kHashAlgorithm), "SHA-512");
  if (!original_content_type.empty())
    head.headers.add(std::string(message::kOriginalContentType), std::move(original_content_type));
  auto writer = co_await call_.respond(std::move(head));
  if (!writer) co_return writer.error();
  begun_ = true;
  message_.start(**writer);
  co_return Result<void>();
}

net::Task<void> ProviderAnswer::fail(std::string_view xml) {
  ended_ = true;
  if (begun_) {
    (void)co_await message_.fault(xml);
    co_return;
  }
  begun_ = true;
  net::ResponseHead head;
  head.headers.add("Content-Type", "text/xml;charset=utf-8");
  head.headers.add(std::string(message::kHashAlgorithm), "SHA-512");
  const std::string body(xml);
  (void)co_await call_.respond(std::move(head), as_bytes(body));
}

}  // namespace causeway::securityserver
