// SPDX-License-Identifier: MIT
#include "securityserver/archiving/record_container.hpp"

#include "securityserver/timestamping/timestamper.hpp"
#include "unit/securityserver/timestamping/timestamping_fixture.hpp"

namespace causeway::securityserver {
namespace {

class RecordContainer : public TimestampingFixture {
 protected:
  RecordContainer() { open_log(); }

  // Stamps all that is logged by now, together.
  void stamp() {
    const auto client = make_client({});
    Timestamper timestamper(log_directory(), *client);
    ASSERT_TRUE(net::block_on(threads_.at(0), timestamper.run(1000, view_.current(), {service_.url()})));
  }
  TimestampEvidence timestamp_of(const LogRecord& record) const {
    return **TimestampFinder::open(log_directory())->find(record.id, record.signature.signature);
  }
  static Result<Bytes> container_of(const LogRecord& record, const TimestampEvidence& timestamp) {
    Bytes file;
    auto written = write_container(record, timestamp, evidence::append_to(file));
    if (!written) return written.error();
    return file;
  }
};

TEST_F(RecordContainer, HoldsTheRecordAndTheHashChainOfItsTimestamp) {
  log_records(3);
  stamp();
  const auto record = *log_->read(2);
  const auto timestamp = timestamp_of(record);
  const auto file = container_of(record, timestamp);
  ASSERT_TRUE(file) << file.error().text;
  const auto container = evidence::AsicContainer::read(*file);
  ASSERT_TRUE(container) << container.error().text;
  EXPECT_EQ(container->message, as_text(record.message));
  EXPECT_EQ(container->signature.signature, signature(2));
  EXPECT_EQ(container->timestamp, timestamp.token);
  EXPECT_TRUE(evidence::verify_timestamp_chain(container->ts_hash_chain_result, container->ts_hash_chain,
                                               container->signature.signature));
  EXPECT_TRUE(container->asic_manifest);
  EXPECT_EQ(*file, *container_of(record, timestamp));
}

TEST_F(RecordContainer, PutsTheTimestampOfASingleRecordIntoItsSignature) {
  log_records(1);
  stamp();
  const auto record = *log_->read(1);
  const auto file = container_of(record, timestamp_of(record));
  ASSERT_TRUE(file) << file.error().text;
  const auto container = evidence::AsicContainer::read(*file);
  ASSERT_TRUE(container) << container.error().text;
  EXPECT_TRUE(container->timestamp.empty());
  EXPECT_FALSE(container->asic_manifest);
  EXPECT_NE(container->signature.signature.str().find("EncapsulatedTimeStamp"), std::string::npos);
}

TEST_F(RecordContainer, HoldsAttachmentsAsFarAsTheyWereLogged) {
  LogRecord record = record_signed(signature(1));
  const auto content = spool_of(3'000'000);
  const auto octets = *content->read_all(4'000'000);
  record.attachments = {{content, 2'000'000, 7}, {content, 0}};
  const auto file = container_of(record, {.token = {1}, .hash_chain_result = "<r/>", .hash_chain = "<c/>"});
  ASSERT_TRUE(file) << file.error().text;
  const auto container = evidence::AsicContainer::read(*file);
  ASSERT_TRUE(container) << container.error().text;
  ASSERT_EQ(container->attachments.size(), 2U);
  Bytes read;
  ASSERT_TRUE(container->read_attachment(container->attachments[0], evidence::append_to(read)));
  EXPECT_TRUE(read == Bytes(octets.begin() + 7, octets.begin() + 2'000'007));
  EXPECT_EQ(container->attachments[1].size, 0U);
  record.attachments = {{content, 3'000'001}};
  EXPECT_EQ(container_of(record, {.token = {1}, .hash_chain_result = "<r/>", .hash_chain = "<c/>"}).error().code,
            "io_error");
}

}  // namespace
}  // namespace causeway::securityserver
