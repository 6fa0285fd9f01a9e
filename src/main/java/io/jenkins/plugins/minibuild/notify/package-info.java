/**
 * Notifications. An event of a build becomes a {@code Notice}. A {@code Composer} makes the messages of a channel from it. The {@code Outbox} keeps the messages
 * on disk, and the channel's {@code ChannelQueue} sends them within the limits of the service. Each kind of service has one {@code Sender}. The adapters connect
 * these classes to builds, forms and credentials.
 */
package io.jenkins.plugins.minibuild.notify;
