"""Intake takes hotline reports of maltreatment, screens them and assigns them.

It owns one kind of stream, `report-<id>`, and announces on the topic `intake`. Who reported, what was said and who is
named stay here, encrypted under each person's own key.
"""
