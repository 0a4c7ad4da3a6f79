"""Tells the right people, once each: a directory of staff, notices in inboxes, e-mail and signed webhooks.

Streams: staff-…, notice-…, webhook-…; topic: notifications. Deliveries are a work table: a rebuild never sends again.
"""
