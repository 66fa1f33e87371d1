import type { Language } from './language.ts';

export const es: Language = {
  greetings: ['Hola, NAME:', 'Buenos días, NAME:', 'Buenas tardes, NAME:', 'NAME, buenos días:', '¿Qué tal, NAME?'],
  greetingsWithoutName: ['Hola:', 'Buenos días:', 'Buenas tardes:', 'Hola de nuevo:', '¿Qué tal?'],
  closings: ['Un saludo', 'Saludos', 'Un cordial saludo', 'Gracias y saludos', 'Hasta pronto', 'Un abrazo'],
  openers: [
    'Espero que la semana haya empezado bien. ',
    'Gracias por tu mensaje del otro día. ',
    'Quería escribir antes, pero la mañana ha sido larga. ',
    'Solo para que no se me olvide. ',
    'Ya estoy de vuelta en la oficina. ',
    'Como te dije, unas líneas. ',
    'Esto es rápido. ',
    '',
  ],
  endings: [
    '',
    ' Gracias de antemano.',
    ' Con una respuesta breve basta.',
    ' Estoy hasta las cinco.',
    ' Que tengas un buen día.',
    ' No hace falta llamar.',
  ],
  topics: [
    {
      subject: '{Notas|Resumen|Apuntes} de {la llamada|la reunión|esta mañana}',
      body: '{Esto es|Aquí va} lo que he {apuntado|anotado}: {empezamos|comenzamos} por la parte más {corta|sencilla} y {vemos|hablamos de} lo demás {la semana que viene|el jueves|después del fin de semana}. {¿Falta algo?|¿Me he dejado algún punto?}',
      reply:
        '{Gracias|Muchas gracias}, está {completo|todo}. {Solo añadiría|Yo añadiría} la fecha {del borrador|de la primera versión}. {El viernes|El miércoles|El día 20} me va bien.',
    },
    {
      subject: '{Cambio de|Nueva hora para la} {cita|reunión|llamada}',
      body: 'Me ha surgido {algo|un imprevisto} y tengo que {mover|cambiar} nuestra cita. ¿Te {viene bien|va bien} el {martes|jueves|miércoles} por la {mañana|tarde}? Con {media hora|treinta minutos} {basta|será suficiente}.',
      reply:
        'Sin problema, {me va bien|de acuerdo}. Ya lo he {cambiado|apuntado} en la agenda. {Nos vemos|Hablamos} entonces.',
    },
    {
      subject: '{Pregunta|Una pregunta|Duda} sobre {el presupuesto|vuestra oferta}',
      body: 'Estoy {leyendo|repasando} vuestro presupuesto y {no sé|me pregunto} si {el transporte|el montaje|el servicio} está {incluido|dentro del precio}. {Si no|En caso contrario}, ¿{podéis ponerlo|lo ponéis} {aparte|como opción}?',
      reply:
        'Está incluido {el primer año|en el primer pedido}. {Después|A partir de ahí} lo facturamos {una vez al año|aparte}. Lo {pongo|aclaro} {en el documento|en la próxima versión}.',
    },
    {
      subject: '{El borrador|El nuevo texto} {está listo|ya se puede leer}',
      body: 'El texto está {terminado|listo} en la carpeta {de siempre|compartida}. {Mira sobre todo|Tengo dudas con} la {segunda|tercera|última} página: las cifras {necesitan|piden} {una frase más|una breve explicación}. {No hay prisa|No corre prisa}.',
      reply:
        'Lo he leído {a mediodía|con calma} y {se entiende bien|está claro}. He dejado {dos|tres} comentarios {al margen|junto a las cifras}, {nada grave|cosas pequeñas}.',
    },
    {
      subject: '{Viaje|Tren|Llegada} del {lunes|martes|jueves}',
      body: 'Voy en el tren de las {ocho|siete y media|nueve} y llego {antes de las doce|hacia las once}. ¿{Comemos juntos antes|Tienes tiempo para un café}?',
      reply:
        '{Con mucho gusto|Buena idea}. Hay un sitio {tranquilo|pequeño} {cerca de la estación|a la vuelta}. {Llámame|Avísame} cuando llegues.',
    },
    {
      subject: '{Pedido|Entrega} {de la semana pasada|del lunes|del día 12}',
      body: '{Ayer|Esta mañana} {llegaron|han llegado} las {cajas|muestras}, {gracias|muchas gracias}. Una es más {pequeña|clara} de lo {pedido|previsto}. ¿{La devuelvo|Os la mando de vuelta} o {nos la quedamos|la usamos igual}?',
      reply:
        '{Lo siento|Disculpa}. {Quedaos con ella|No hace falta devolverla}; la correcta sale {hoy|con la próxima entrega}.',
    },
    {
      subject: '{Fotos|Imágenes} para {el folleto|la página nueva|la web}',
      body: 'Nos {faltan|hacen falta} {dos|tres|unas cuantas} fotos para el folleto. Las {del taller|del verano pasado} {irían|quedarían} bien. ¿Las tienes todavía {en grande|a tamaño completo}?',
      reply: 'Las he {encontrado|localizado}. Las {subo|dejo} en la carpeta {esta noche|esta tarde}.',
    },
    {
      subject: '{Vacaciones|Sustitución} en {mayo|julio|agosto|octubre}',
      body: 'Estaré fuera {dos semanas|diez días} en {julio|agosto|octubre}. ¿{Podrías encargarte|Te encargas} del {informe semanal|repaso del lunes}, como {la otra vez|el año pasado}? Dejo {todo|las listas} {preparado antes|listas antes de salir}.',
      reply: '{Claro|Por supuesto}. {Déjame|Apúntame} los {teléfonos|contactos}, y {descansa|que lo pases bien}.',
    },
    {
      subject: '{Tu charla|El taller|Tu presentación} del {jueves|miércoles}',
      body: 'Me {gustó|interesó} tu presentación, {sobre todo|en especial} la parte de {costes|planificación|el primer año}. ¿{Me pasas|Podrías enviarme} las diapositivas? {Una compañera|Mi equipo} también quiere {leerlas|verlas}.',
      reply:
        '{Me alegro|Gracias por decirlo}. Te las mando {mañana|en cuanto vuelva}. {Pregunta lo que quieras|Cualquier duda, me dices}.',
    },
    {
      subject: '{Contrato|Acuerdo}: {un detalle|el último punto}',
      body: 'El contrato está {casi|prácticamente} listo. Solo {falta|queda} {el plazo|la fecha de inicio|la dirección}. ¿Qué {prefieres|propones}? {Luego|Después} imprimo las dos copias.',
      reply:
        '{Pongamos|Yo pondría} {los tres meses de siempre|el día uno}. {Por lo demás|En lo demás} {todo bien|no cambio nada}.',
    },
    {
      subject: 'La impresora {de la oficina|de la sala|de arriba}',
      body: 'La impresora {se para|hace ruido} {otra vez|en cada página}. ¿Recuerdas quién la {arregló|revisó} {en primavera|la última vez}? Llamaría {hoy|mañana}.',
      reply:
        'Fue {la tienda|la empresa} {de enfrente|junto al puente}. {El número|La tarjeta} está {en el cajón|en la tapa}. {Suelen venir|Vienen} el mismo día.',
    },
    {
      subject: '{Ideas|Propuestas} para {la excursión|el boletín|el día del equipo}',
      body: 'Estoy reuniendo {ideas|propuestas} para la excursión. {De momento|Por ahora} hay {una visita|un curso de cocina} y {un concurso|algo al aire libre}. ¿{Qué te apetece|Tienes alguna preferencia}? Con {dos palabras|una nota breve} basta.',
      reply:
        '{Algo al aire libre|La visita} {suena bien|sería mi elección}. {Si llueve|Con mal tiempo}, el museo queda {cerca|al lado}.',
    },
  ],
};
