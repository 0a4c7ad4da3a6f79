"""Investigations, from opening to approval.

Owns the streams `investigation-<id>` (one for each investigated report, its safety plans included) and the topic
`investigation`. Listens to intake: a report that was received, screened in at level 2 or 3 and assigned opens one.
"""
